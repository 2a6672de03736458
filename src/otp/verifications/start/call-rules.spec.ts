import { DomainError } from '../../../common/errors';
import { policyFor } from '../../policy/effective-policy';
import { defaultPolicy, type Policy } from '../../policy/policy';
import type { Profile } from '../../policy/profile';
import { requireAllowed } from './call-rules';

const transaction = { amount: '49.90', currency: 'EUR', payee: 'Ana' };

type Ask = Parameters<typeof requireAllowed>[0];

function refused(ask: Ask, policy: Policy = defaultPolicy, profile?: Profile): string[] {
  try {
    requireAllowed(ask, policy, profile);
    return [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return (error.details.errors ?? []).map(({ path }) => path);
  }
}

describe('what a create asks for', () => {
  it('may be weaker than any standard without a profile', () => {
    expect(refused({ codeLength: 4, ttlSeconds: 86_400, transaction })).toEqual([]);
    expect(refused({})).toEqual([]);
  });

  // Catches: a profile that binds settings, and that every call gets round.
  it('may not break the profile, up to its bounds', () => {
    for (const profile of ['nist', 'owasp-asvs-l2'] as const) {
      const policy = policyFor({ profile }, 'login');
      expect(refused({ codeLength: 6, ttlSeconds: 600 }, policy, profile)).toEqual([]);
      expect(refused({ codeLength: 5, ttlSeconds: 601 }, policy, profile)).toEqual([
        'codeLength',
        'ttlSeconds',
      ]);
    }
    const letters = policyFor({ profile: 'nist', policy: { codeAlphabet: 'alphanumeric' } }, 'login');
    expect(refused({ codeLength: 5 }, letters, 'nist')).toEqual([]);
    expect(refused({ codeLength: 4 }, letters, 'nist')).toEqual(['codeLength']);
  });

  // Catches: a call that gives itself what the settings of its purpose do not.
  it('may be a life of more than a day only where the purpose is longLived', () => {
    const long = { ...defaultPolicy, longLived: true };
    expect(refused({ ttlSeconds: 86_401 })).toEqual(['ttlSeconds']);
    expect(refused({ ttlSeconds: 86_401 }, long)).toEqual([]);
    expect(refused({ ttlSeconds: 2_592_000 }, long)).toEqual([]);
    expect(refused({ ttlSeconds: 2_592_000 }, long, 'nist')).toEqual(['ttlSeconds']);
    const purposes = { door: { longLived: true } };
    expect(policyFor({ purposes }, 'door')).toMatchObject({ longLived: true, ttlSeconds: 600 });
    expect(policyFor({ purposes }, 'login')).toMatchObject({ longLived: false });
  });

  it('has a transaction where the policy wants one, and none where it wants none', () => {
    expect(refused({}, { ...defaultPolicy, transaction: 'required' })).toEqual(['transaction']);
    expect(refused({ transaction }, { ...defaultPolicy, transaction: 'required' })).toEqual([]);
    expect(refused({ transaction }, { ...defaultPolicy, transaction: 'none' })).toEqual(['transaction']);
    expect(refused({}, { ...defaultPolicy, transaction: 'none' })).toEqual([]);
  });
});
