import { policyFor, profileProblems } from './effective-policy';
import { defaultPolicy } from './policy';
import { profiles } from './profile';

describe('policyFor', () => {
  it('takes purpose over application over default, also inside sends and lock', () => {
    const settings = {
      policy: { codeLength: 8, sends: { max: 3 }, lock: { seconds: 60 } },
      purposes: { login: { ttlSeconds: 120, sends: { windowSeconds: 60 }, lock: { afterFailures: 5 } } },
    };
    const { lock } = defaultPolicy;
    expect(policyFor(settings, 'login')).toEqual({
      ...defaultPolicy,
      codeLength: 8,
      ttlSeconds: 120,
      sends: { max: 3, windowSeconds: 60 },
      lock: { ...lock, afterFailures: 5, seconds: 60 },
    });
    expect(policyFor(settings, 'payment')).toEqual({
      ...defaultPolicy,
      codeLength: 8,
      sends: { max: 3, windowSeconds: 600 },
      lock: { ...lock, seconds: 60 },
    });
  });

  it('is the default without settings, also for a purpose named like a property of every object', () => {
    expect(policyFor({ purposes: {} }, 'constructor')).toEqual(defaultPolicy);
  });
});

describe('a profile', () => {
  it.each([
    ['nist', { allowedChannels: ['sms', 'voice', 'whatsapp'] }],
    ['owasp-asvs-l2', {}],
    ['psd2', { transaction: 'required', lock: { afterFailures: 5, seconds: 300, knownDevices: 'held' } }],
    ['pci', { lock: { afterFailures: 10, seconds: 1_800, knownDevices: 'held' } }],
  ] as const)('%s sets what nobody set to the weakest value that it takes', (profile, changes) => {
    expect(policyFor({ profile }, 'login')).toEqual({ ...defaultPolicy, ...changes });
  });

  it('leaves alone what is stricter', () => {
    const lock = { afterFailures: 3, seconds: 3_600, knownDevices: 'held' } as const;
    const policy = { codeLength: 8, ttlSeconds: 60, maxChecks: 3, transaction: 'none', lock } as const;
    for (const profile of profiles) {
      expect(policyFor({ profile, policy }, 'login')).toMatchObject(policy);
      expect(profileProblems({ profile, policy })).toEqual([]);
    }
  });

  // Catches: settings of an earlier release, under rules that are stricter now, that are in force all the same.
  it('holds whatever is stored', () => {
    const stored = { profile: 'nist', policy: { ttlSeconds: 900, codeLength: 4 } } as const;
    expect(policyFor(stored, 'login')).toMatchObject({ ttlSeconds: 600, codeLength: 6 });
  });

  it('names each setting that breaks it where it was set, with the value, the bound and the remedy', () => {
    const problems = profileProblems({
      profile: 'psd2',
      policy: { maxChecks: 6, ttlSeconds: 86_400 },
      purposes: { payment: { transaction: 'optional', lock: { afterFailures: 6, seconds: 299 } }, login: {} },
    });
    expect(problems.map(({ path }) => path)).toEqual([
      'settings.policy.maxChecks',
      'settings.purposes.payment.lock.afterFailures',
      'settings.purposes.payment.lock.seconds',
      'settings.purposes.payment.transaction',
    ]);
    expect(problems[0]?.message).toBe(
      'Not under the profile psd2. Guesses per code: 6; at most 5 are allowed. Use 5 or fewer. ' +
        '(PSD2, RTS (EU) 2018/389, Art. 4(3)(b))',
    );
  });

  it('judges a purpose with what it inherits, and blames what the purpose set itself', () => {
    const policy = { codeLength: 5, codeAlphabet: 'alphanumeric' } as const;
    const purposes = { login: { codeAlphabet: 'numeric' }, door: { ttlSeconds: 60 } } as const;
    expect(profileProblems({ profile: 'nist', policy, purposes }).map(({ path }) => path)).toEqual([
      'settings.purposes.login.codeAlphabet',
    ]);
    expect(profileProblems({ policy, purposes })).toEqual([]);
  });
});
