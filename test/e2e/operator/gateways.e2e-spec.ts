import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ADMIN_KEY, newNumber, until, useEngine, wordFor, type Answer } from '../../support/engine';

/** LabsMobile's balance and prices, as its documents show them. */
const vendor: Server = createServer((request, response) => {
  const answers: Record<string, unknown> = {
    '/json/balance': { code: 0, credits: 1482.35 },
    '/json/prices': { ES: { isocode: 'ES', credits: 0.9 }, FR: { isocode: 'FR', credits: 1.5 } },
  };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(answers[request.url ?? ''] ?? { code: '35' }));
});
const env: Record<string, string> = {
  SMS_ROUTES: 'FR:labsmobile,http;*:http',
  SMS_LABSMOBILE_USERNAME: 'me@example.com',
  SMS_LABSMOBILE_TOKEN: 'token-of-labsmobile',
};
// Before the engine starts, which reads the address.
beforeAll(async () => {
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
  env['SMS_LABSMOBILE_BASE_URL'] = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
});
const engine = useEngine({ processes: 1, env });
afterAll(() => vendor.close());

const data = ({ body }: Answer): Record<string, unknown>[] => body['data'] as Record<string, unknown>[];
const gateway = async (name: string): Promise<Record<string, unknown>> => {
  const found = data(await engine.admin('GET /v1/gateways')).find((one) => one['name'] === name);
  if (!found) throw new Error(`no gateway ${name}`);
  return found;
};
const test = (name: string, body: object): Promise<Answer> =>
  engine.admin(`POST /v1/gateways/${name}/test`, body);

describe('GET /v1/gateways', () => {
  it('shows what each gateway is, where routes lead to it, and what its vendor tells', async () => {
    expect(await gateway('labsmobile')).toMatchObject({
      title: 'LabsMobile',
      channels: ['sms'],
      routes: [{ channel: 'sms', countries: ['FR'] }],
      balance: { amount: '1482.350000', currency: 'CREDITS', at: expect.any(String) },
      receiptUrl: expect.stringMatching(/\/v1\/receipts\/labsmobile\/[\w-]{43}$/),
      supports: { receipts: true, balance: true, prices: true },
    });
    expect(await gateway('http')).toMatchObject({
      routes: [{ channel: 'sms', countries: ['FR', '*'] }],
      balance: null,
      calls: 0,
      successRate: null,
      breakers: [],
    });
  });

  it('shows how calls go, and so does the health check, which stays fine', async () => {
    const tenant = await engine.tenant();
    await tenant.start();
    await until(async () => (await gateway('http'))['calls'] === 1);
    expect(await gateway('http')).toMatchObject({
      successRate: 1,
      breakers: [{ country: 'ES', channel: 'sms', state: 'closed', cause: null }],
      latencyMs: { p50: expect.any(Number) },
    });
    const health = await engine.admin('GET /health/ready');
    expect(health.body).toMatchObject({
      status: 'ok',
      checks: {
        gateways: { status: 'up', httpBreakersOpen: 0, httpSuccessRate: 1, labsmobileSuccessRate: null },
      },
    });
    expect(health.text).not.toContain('/v1/receipts/');
  });

  // Catches: a probe that tells rates, counters and names of gateways to whoever asks.
  it('is shown by the health check to the operator alone', async () => {
    const tenant = await engine.tenant();
    for (const key of [null, tenant.key, 'made-up', `${ADMIN_KEY}x`]) {
      const { status, text } = await engine.call('GET /health/ready', key);
      expect([status, text]).toEqual([200, '{"status":"ok"}']);
    }
  });

  it('shows the operator alone: it holds secrets', async () => {
    const tenant = await engine.tenant();
    expect(wordFor(await tenant.call('GET /v1/gateways'))).toBe('403 forbidden');
    expect(wordFor(await tenant.call('POST /v1/gateways/http/test', { to: newNumber() }))).toBe(
      '403 forbidden',
    );
  });
});

describe('a price list of a vendor', () => {
  it('is downloaded, and comes after what was imported', async () => {
    const answer = await engine.admin('POST /v1/prices/download', { gateway: 'labsmobile' });
    expect(answer.body).toEqual({ imported: 2 });
    const prices = data(await engine.admin('GET /v1/prices?gateway=labsmobile'));
    expect(prices).toMatchObject([
      { country: 'ES', price: '0.900000', currency: 'CREDITS', source: 'vendor' },
      { country: 'FR', price: '1.500000', currency: 'CREDITS', source: 'vendor' },
    ]);
  });
});

describe('a test message', () => {
  it('goes through exactly this gateway, holds nothing like a code, and is written down', async () => {
    const to = newNumber();
    const answer = await test('http', { to });
    expect(answer).toMatchObject({ status: 200, body: { outcome: 'accepted', reason: null, parts: 1 } });
    const [message] = engine.sink.sentTo(to);
    expect(message!.text).toMatch(/test message/);
    expect(message!.text).not.toMatch(/\d/);
    const event = await until(() => engine.db.collection('audit_events').findOne({ type: 'test_sent' }));
    expect(event).toMatchObject({
      actor: 'admin',
      to: `+34*******${to.slice(-2)}`,
      data: { gateway: 'http' },
    });
  });

  // Catches: a delivery over the routes instead of over this gateway: `http` would have taken it.
  it('does not go on to the next gateway', async () => {
    const answer = await test('labsmobile', { to: '+33612345678' });
    expect(answer.body).toMatchObject({ outcome: 'rejected', reason: 'no-credit', reference: null });
    expect(engine.sink.sentTo('+33612345678')).toEqual([]);
  });

  it.each([
    ['a gateway that is not here', 'twilio', { to: '+34600987123' }, '404 not_found'],
    [
      'a channel that it has not',
      'labsmobile',
      { to: '+34600987123', channel: 'voice' },
      '400 invalid_request',
    ],
    ['what is no number', 'http', { to: '12' }, '400 phone_invalid'],
    ['what it does not know', 'http', { to: '+34600987123', from: 'x' }, '400 invalid_request'],
  ])('refuses %s', async (_, name, body, expected) => {
    expect(wordFor(await test(name, body))).toBe(expected);
  });

  // Catches: counting nothing.
  it('is refused when there are more than ten in a minute', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => test('http', { to: newNumber() })));
    expect(answers.map(wordFor)).toContain('429 rate_limited');
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(10);
  });
});
