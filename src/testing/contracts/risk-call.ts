import { createHmac } from 'node:crypto';
import { systemClock } from '../../common/clock';
import type { CheckTools, RiskCall } from '../../limits/risk/check';

/** A create as a risk check sees it; what must never show in it is easily found. The number never leaves the machine. */
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

/** Tools of one instance; those that share `redeemed` share a database. All have one key. */
export function checkTools(change: Partial<CheckTools> = {}, redeemed = new Set<string>()): CheckTools {
  return {
    http: { request: () => Promise.reject(new Error('not for this check')) },
    clock: systemClock,
    sign: (...fields) => createHmac('sha256', 'a key for tests').update(JSON.stringify(fields)).digest(),
    redeem: (id) => Promise.resolve(redeemed.size < redeemed.add(id).size),
    ...change,
  };
}
