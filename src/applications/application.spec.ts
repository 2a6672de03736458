import { defaultPolicy, policyFor } from '../otp/slots/policy';
import { knownPurposes } from './application';
import { purposePattern } from '../common/purpose';

describe('policyFor', () => {
  it('takes purpose over application over default, also inside sends', () => {
    const settings = {
      policy: { codeLength: 8, sends: { max: 3 } },
      purposes: { login: { ttlSeconds: 120, sends: { windowSeconds: 60 } } },
    };
    expect(policyFor(settings, 'login')).toEqual({
      ...defaultPolicy,
      codeLength: 8,
      ttlSeconds: 120,
      sends: { max: 3, windowSeconds: 60 },
    });
    expect(policyFor(settings, 'payment')).toEqual({
      ...defaultPolicy,
      codeLength: 8,
      sends: { max: 3, windowSeconds: 600 },
    });
  });

  it('is the default without settings, also for a purpose named like a property of every object', () => {
    expect(policyFor({ purposes: {} }, 'constructor')).toEqual(defaultPolicy);
  });
});

describe('purposes', () => {
  it('count once when they are both used and configured', () => {
    const known = knownPurposes({
      purposes: ['login', 'default'],
      settings: { purposes: { login: {}, pay: {} } },
    });
    expect([...known].sort()).toEqual(['default', 'login', 'pay']);
  });

  it.each(['login', 'a', '2fa', 'a_b-c', 'x'.repeat(32)])('may be called %s', (name) =>
    expect(purposePattern.test(name)).toBe(true),
  );

  it.each(['', '-a', '_a', 'Login', 'a b', 'a.b', '$a', 'x'.repeat(33), 'a\n'])(
    'may not be called %p',
    (name) => expect(purposePattern.test(name)).toBe(false),
  );
});
