import { credentialOf, refusalOf, type KeyGrant } from './credential';

const key: KeyGrant = {
  id: 'key',
  applicationId: 'app',
  scopes: ['verifications:read'],
  digest: 'digest',
  expiresAt: new Date(1_000),
  allowedIps: ['192.0.2.0/24'],
};
const call = { ip: '192.0.2.1', now: 999, scope: 'verifications:read' } as const;

describe('refusalOf', () => {
  const credential = credentialOf(key, () => false);

  it('is of a caller who is named by the key', () => {
    expect(credential.principal).toEqual({
      applicationId: 'app',
      keyId: 'key',
      scopes: ['verifications:read'],
      actor: 'key:key',
    });
  });

  it('is null for the right scope from the right place in time', () => {
    expect(refusalOf(credential, call)).toBeNull();
  });

  it('ends a key at the very millisecond of expiresAt', () => {
    expect(refusalOf(credential, { ...call, now: 1_000 })).toBe('key_expired');
  });

  it.each([
    ['ip_not_allowed', { ...call, ip: '198.51.100.1' }],
    ['scope_missing', { ...call, scope: 'verifications:write' as const }],
  ])('says %s', (refusal, other) => expect(refusalOf(credential, other)).toBe(refusal));

  it('says application_disabled, but not to a holder at the wrong place', () => {
    const disabled = credentialOf(key, () => true);
    expect(refusalOf(disabled, call)).toBe('application_disabled');
    expect(refusalOf(disabled, { ...call, ip: '198.51.100.1' })).toBe('ip_not_allowed');
  });
});
