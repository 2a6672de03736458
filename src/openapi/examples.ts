/**
 * A body for every call that takes one, which can be sent as it stands: tools that try the API would otherwise make one
 * up from the schema, with words where a number must be. `test/e2e/edges/openapi-examples` sends them all.
 */
export const bodyExamples: Readonly<Record<string, object>> = {
  'POST /v1/verifications': { to: '+12015550123', purpose: 'login' },
  'POST /v1/verifications/{id}/checks': { code: '123456' },
  'POST /v1/checks': { to: '+12015550123', purpose: 'login', code: '123456' },
  'POST /v1/verifications/{id}/sends': { channel: 'sms' },
  'POST /v1/verifications/{id}/cancel': {},
  'POST /v1/hosted-verifications': {
    purpose: 'login',
    returnUrl: 'https://shop.example.com/verified',
    state: 'order 17',
  },
  'POST /v1/hosted-verifications/{id}/redeem': { resultToken: 'sdr_from_the_return_url' },
  'POST /v1/phone-numbers/validate': { to: '(201) 555-0123', country: 'US' },
  'POST /v1/hosted-verifications/preview': { screen: 'code', locale: 'es', theme: { accent: '#b00020' } },
  'POST /v1/messages/preview': { purpose: 'login', locale: 'es', countries: ['ES'] },
  'POST /v1/recipients/lookup': { to: '+12015550123', purpose: 'login' },
  'POST /v1/recipients/unlock': { to: '+12015550123', purpose: 'login' },
  'POST /v1/decisions/preview': { to: '+12015550123', purpose: 'login' },
  'POST /v1/blocks': { list: 'block', kind: 'prefix', value: '+34699', reason: 'Pumping since noon' },
  'POST /v1/blocks/lookup': { kind: 'number', value: '+12015550123' },
  'POST /v1/applications': {
    name: 'shop',
    settings: { brand: 'Acme', allowedCountries: ['US', 'ES'], policy: { codeLength: 6, ttlSeconds: 600 } },
  },
  'PATCH /v1/applications/{id}': { settings: { purposes: { login: { maxChecks: 3 } } } },
  'POST /v1/applications/{applicationId}/keys': {
    name: 'backend',
    scopes: ['verifications:write', 'verifications:read'],
    allowedIps: ['192.0.2.0/24'],
  },
  'POST /v1/gateways/{name}/test': { to: '+12015550123' },
  'PUT /v1/prices': {
    prices: [{ gateway: 'labsmobile', country: 'ES', channel: 'sms', price: '0.0345', currency: 'EUR' }],
    replace: false,
  },
  'POST /v1/prices/download': { gateway: 'labsmobile' },
};
