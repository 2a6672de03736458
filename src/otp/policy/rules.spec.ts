import { defaultPolicy, withOverride, type PolicyOverride } from './policy';
import {
  checksAtMost,
  livesAtMost,
  locksBy,
  locksEverybody,
  locksFor,
  noEmail,
  saysWhetherPayment,
  sixDigits,
  type PolicyRule,
} from './rules';

const short = { codeAlphabet: 'alphanumeric' } as const;

describe('a rule of a clause', () => {
  // Catches: a bound that is off by one on either side, and a profile that tightens past it or not far enough.
  it.each<[string, PolicyRule, PolicyOverride, PolicyOverride]>([
    ['digits', sixDigits, { codeLength: 6 }, { codeLength: 5 }],
    ['letters', sixDigits, { ...short, codeLength: 5 }, { ...short, codeLength: 4 }],
    ['life', livesAtMost(600), { ttlSeconds: 600 }, { ttlSeconds: 601 }],
    ['checks', checksAtMost(5), { maxChecks: 5 }, { maxChecks: 6 }],
    ['failures', locksBy(5), { lock: { afterFailures: 5 } }, { lock: { afterFailures: 6 } }],
    ['length of a lock', locksFor(1_800), { lock: { seconds: 1_800 } }, { lock: { seconds: 1_799 } }],
    [
      'known devices',
      locksEverybody,
      { lock: { knownDevices: 'held' } },
      { lock: { knownDevices: 'exempt' } },
    ],
    ['payments', saysWhetherPayment, { transaction: 'required' }, { transaction: 'optional' }],
    [
      'e-mail',
      noEmail,
      { allowedChannels: ['sms', 'voice'] },
      { allowedChannels: ['sms', 'email', 'voice'] },
    ],
  ])(
    'is met up to its bound and not beyond, and what it tightens to is the bound',
    (_, rule, bound, beyond) => {
      const [met, broken] = [bound, beyond].map((override) => withOverride(defaultPolicy, override));
      expect([rule.isMet(met!), rule.isMet(broken!)]).toEqual([true, false]);
      expect(rule.tightened(broken!)).toEqual(met);
    },
  );

  it('says the value and the bound, whether it is met or not', () => {
    expect(livesAtMost(600).says({ ...defaultPolicy, ttlSeconds: 1_200 })).toBe(
      'Life of a code: 1,200 s; at most 600 s are allowed.',
    );
    expect(sixDigits.says(withOverride(defaultPolicy, { ...short, codeLength: 5 }))).toBe(
      'Codes have 5 letters or digits, so there are 7,962,624; at least 1,000,000 are asked for.',
    );
    expect(noEmail.says(defaultPolicy)).toContain('e-mail is not allowed');
  });

  it('takes a purpose that confirms no payments, and leaves a channel where e-mail was the only one', () => {
    expect(saysWhetherPayment.isMet({ ...defaultPolicy, transaction: 'none' })).toBe(true);
    expect(noEmail.tightened({ ...defaultPolicy, allowedChannels: ['email'] }).allowedChannels).toEqual([
      'sms',
    ]);
  });
});
