import { knownPurposes } from './application';
import { purposePattern } from '../common/purpose';

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
