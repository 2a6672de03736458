import type { PhoneNumber } from '../../../phone/phone-number';
import { defaultPolicy } from '../../policy/policy';
import { frozen, planOf } from './start-plan';

const number = { e164: '+41791234567', country: 'CH', callingCode: '41' } as PhoneNumber;
const steps = [{ channel: 'whatsapp', waitMs: 20_000 }] as const;

const slot = { _id: 'slot', key: 'key', applicationId: 'app', purpose: 'login', recipient: 'recipient' };
const found = {
  slot,
  verificationId: 'v',
  number,
  steps,
  policy: defaultPolicy,
  device: undefined,
  testCode: null,
  cost: () => ({ parts: 1, prices: [] }),
} as const;

describe('the plan of a start', () => {
  it('has the rules of the application where the call does not shorten or lengthen code and life', () => {
    expect(planOf({ to: 'x' }, found).policy).toEqual(defaultPolicy);
    const own = { codeLength: 8, ttlSeconds: 30 };
    const { policy } = planOf({ to: 'x', ...own }, found);
    expect(policy).toEqual({ ...defaultPolicy, ...own });
  });

  it('seals what is personal, by its canonical number, and nothing that was not given', () => {
    expect(planOf({ to: '079 123 45 67' }, found).personal).toEqual({
      to: '+41791234567',
    });
    const given = {
      email: 'ana@example.com',
      clientIp: '203.0.113.7',
      metadata: { plan: 'a' },
      transaction: { amount: '1.00', currency: 'EUR', payee: 'Ana' },
    };
    const { personal } = planOf({ to: 'x', locale: 'es', ...given }, found);
    expect(personal).toEqual({ to: '+41791234567', ...given });
  });

  it('begins with the first channel', () => {
    const { delivery } = planOf({ to: 'x', locale: 'es' }, found);
    expect(delivery).toEqual({ channel: 'whatsapp', locale: 'es', appHash: null, webOtpDomain: null });
  });
});

describe('the rules that a verification keeps', () => {
  it('are those of checks, code, life and sends, in milliseconds', () => {
    expect(frozen(defaultPolicy)).toEqual({
      maxChecks: 5,
      ttlMs: 600_000,
      codeLength: 6,
      codeAlphabet: 'numeric',
      sends: { windowMs: 600_000, sendsMax: 5, cooldownMs: 30_000 },
    });
  });

  // Catches: a lock of a profile that no verification ever hears of.
  it('have the rules of the lock where they are not the usual ones, and are shorter without', () => {
    for (const change of [{ afterFailures: 5 }, { seconds: 60 }, { knownDevices: 'held' as const }]) {
      const lock = { ...defaultPolicy.lock, ...change };
      expect(frozen({ ...defaultPolicy, lock }).lock).toEqual(lock);
    }
    expect(frozen(defaultPolicy)).not.toHaveProperty('lock');
  });
});
