import type { ApiKey } from '../applications/api-keys/api-key';
import type { Application } from '../applications/application';
import { bearerToken } from './bearer';
import { credentialOf, refusalOf } from './credential';

const application: Application = {
  id: 'app',
  name: 'App',
  settings: {},
  purposes: [],
  createdAt: new Date(0),
};
const key: ApiKey = {
  id: 'key',
  applicationId: 'app',
  name: 'Key',
  scopes: ['verifications:read'],
  digest: 'digest',
  expiresAt: new Date(1_000),
  allowedIps: ['192.0.2.0/24'],
  createdAt: new Date(0),
  revokedAt: null,
};
const call = { ip: '192.0.2.1', now: 999, scope: 'verifications:read' } as const;

describe('refusalOf', () => {
  const credential = credentialOf(key, application);

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
    const disabled = credentialOf(key, { ...application, settings: { disabled: true } });
    expect(refusalOf(disabled, call)).toBe('application_disabled');
    expect(refusalOf(disabled, { ...call, ip: '198.51.100.1' })).toBe('ip_not_allowed');
  });
});

describe('bearerToken', () => {
  it.each(['Bearer sdk_x', 'bearer sdk_x', 'BEARER   sdk_x'])('reads %p', (header) =>
    expect(bearerToken(header)).toBe('sdk_x'),
  );

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Basic dTpw',
    'sdk_x',
    'Bearersdk_x',
    'Bearer a b',
    'Bearer a, Bearer b',
    ' Bearer a',
    'Bearer schlüssel',
    `Bearer ${'x'.repeat(513)}`,
  ])('finds no token in %p', (header) => expect(bearerToken(header)).toBeNull());
});
