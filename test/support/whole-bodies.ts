/**
 * Bodies with every field of a call, right in themselves; two where two fields exclude each other. Throws for a
 * call that is missing here.
 * @param call as `post /v1/verifications`
 * @param to a number in E.164
 */
export function wholeBodies(call: string, to: string): readonly object[] {
  const transaction = { amount: '49.90', currency: 'EUR', payee: 'Shop' };
  const digest = 'sha256:9f86d081884c7d659a2feaa0c55ad015';
  const policy = { codeLength: 6, ttlSeconds: 60, maxChecks: 3, whenPending: 'resend', cooldownSeconds: 5 };
  const wholePolicy = { ...policy, codeAlphabet: 'numeric', sends: { max: 3, windowSeconds: 60 } };
  const ownText = { purpose: 'login', channel: 'email', locale: 'es', text: 'Es {code}.', subject: 'Hola' };
  const price = { gateway: 'http', country: 'ES', channel: 'sms', price: '0.0345', currency: 'EUR' };
  const settings = {
    brand: 'Shop',
    locale: 'es',
    contact: 'help@example.com',
    allowedCountries: ['ES'],
    allowedNumberTypes: ['mobile'],
    routes: '*:http',
    channelRoutes: { voice: '*:console', whatsapp: '*:console', email: '*:console' },
    channels: [{ channel: 'sms', waitSeconds: 60 }],
    delivery: {
      onUnknown: 'wait',
      maxCalls: 2,
      attemptTimeoutMs: 2_000,
      deadlineMs: 9_000,
      failoverWithinSeconds: 60,
    },
    templates: [ownText],
    allowLinks: false,
    transliterate: true,
    webOtpDomain: 'example.com',
    appHash: 'FA+9qCX9VSu',
    disabled: false,
    policy: wholePolicy,
    purposes: { login: wholePolicy },
    hosted: {
      returnUrls: ['https://shop.example/done'],
      cancelUrls: ['https://shop.example/'],
      frameOrigins: ['https://shop.example'],
      origins: ['https://shop.example'],
      url: 'https://verify.shop.example',
      theme: { accent: '#b00020', radius: 4, font: 'serif' },
      texts: { es: { 'code.title': 'Tu código' } },
      autoSubmit: false,
    },
    riskChecks: [{ check: 'proof-of-work', when: 'on_step_up', onUnavailable: 'open' }],
  };
  const create = [
    {
      to,
      country: 'ES',
      purpose: 'default',
      channel: 'sms',
      email: 'ana@example.com',
      locale: 'es',
      clientIp: '192.0.2.1',
      deviceId: 'cookie-4711',
      challenge: 'answer',
      codeLength: 6,
      ttlSeconds: 60,
      transaction,
      digest,
      metadata: { plan: 'gold' },
      appHash: 'FA+9qCX9VSu',
      webOtpDomain: 'example.com',
    },
    { to, channels: [{ channel: 'sms', waitSeconds: 60 }] },
  ];
  const bodies: Record<string, object | object[]> = {
    'post /v1/verifications': create,
    'post /v1/decisions/preview': create,
    'post /v1/verifications/{id}/checks': { code: '12 34 56', transaction, digest, deviceId: 'cookie-4711' },
    'post /v1/checks': {
      to,
      country: 'ES',
      purpose: 'default',
      code: '12 34 56',
      transaction,
      digest,
      deviceId: 'cookie-4711',
    },
    'post /v1/verifications/{id}/sends': { channel: 'sms', locale: 'es' },
    'post /v1/verifications/{id}/cancel': {},
    'post /v1/hosted-verifications': [
      {
        purpose: 'default',
        to,
        country: 'ES',
        channels: ['sms'],
        email: 'ana@example.com',
        transaction,
        digest,
        returnUrl: 'https://shop.example/back',
        cancelUrl: 'https://shop.example/cancelled',
        locale: 'es',
        state: 'order 17',
        send: 'now',
        metadata: { plan: 'gold' },
      },
      { to, origin: 'https://shop.example' },
    ],
    'post /v1/hosted-verifications/{id}/redeem': { resultToken: 'sdr_none' },
    'post /v1/phone-numbers/validate': [
      { to, country: 'ES' },
      { number: to, country: 'ES' },
    ],
    'post /v1/recipients/lookup': { to, purpose: 'login' },
    'post /v1/recipients/unlock': { to, purpose: 'login' },
    'post /v1/hosted-verifications/preview': {
      screen: 'code',
      problem: 'code_wrong',
      ended: 'expired',
      channel: 'sms',
      transaction,
      locale: 'es',
      brand: 'Shop',
      contact: 'help@example.com',
      theme: { accent: '#b00020', radius: 4, font: 'serif' },
      texts: { 'code.title': 'Tu código' },
    },
    'post /v1/blocks': {
      list: 'block',
      kind: 'ip',
      value: '192.0.2.99',
      reason: 'Spam',
      expiresAt: '2099-01-31T12:00:00Z',
    },
    'post /v1/blocks/lookup': { kind: 'number', value: to },
    'post /v1/applications': { name: 'Shop', settings },
    'patch /v1/applications/{id}': { name: 'Shop', settings },
    // Not as JSON: 415 is the answer, also to whoever may send one.
    'put /v1/applications/{id}/logo': {},
    'post /v1/applications/{applicationId}/keys': {
      name: 'Backend',
      scopes: ['audit:read'],
      expiresAt: '2099-01-31T12:00:00Z',
      allowedIps: ['192.0.2.1'],
    },
    'post /v1/gateways/{name}/test': { to, country: 'ES', channel: 'sms', text: 'Hello' },
    'post /v1/messages/preview': {
      purpose: 'login',
      channel: 'email',
      locale: 'es',
      country: 'ES',
      countries: ['ES', 'FR'],
      template: ownText,
      transaction,
      digest,
      brand: 'Shop',
      ttlSeconds: 600,
      codeLength: 6,
      appHash: 'FA+9qCX9VSu',
      webOtpDomain: 'example.com',
      transliterate: true,
    },
    'put /v1/prices': { prices: [price], replace: false },
    'post /v1/prices/download': { gateway: 'http' },
  };
  const found = bodies[call];
  if (!found) throw new Error(`${call} takes a body: add one here`);
  return Array.isArray(found) ? (found as object[]) : [found];
}
