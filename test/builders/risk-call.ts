import { systemClock } from '../../src/common/clock';
import type { HttpClient } from '../../src/common/outbound/http-client';
import type { CheckTools, RiskCall } from '../../src/limits/risk/check';
import { aKeyRing } from './key-ring';

/** A create as a risk check sees it; the number is reserved for fiction in no country, and never leaves the machine. */
export const aRiskCall = (change: Partial<RiskCall> = {}): RiskCall => ({
  applicationId: 'app',
  purpose: 'login',
  number: '+34600987123',
  country: 'ES',
  channel: 'sms',
  clientIp: '203.0.113.7',
  deviceId: 'device-canary',
  answer: null,
  ...change,
});

/** Tools of one instance; those that share `redeemed` share a database. */
export function checkTools(change: Partial<CheckTools> = {}, redeemed = new Set<string>()): CheckTools {
  const keys = aKeyRing();
  return {
    http: { request: () => Promise.reject(new Error('not for this check')) } satisfies HttpClient,
    clock: systemClock,
    sign: (...fields) => keys.digest('challenge', ...fields),
    redeem: async (id) => redeemed.size < redeemed.add(id).size,
    ...change,
  };
}
