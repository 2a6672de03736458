import { GatewaySink } from '../../support/gateway-sink';
import { newNumber, until, useEngine, wordFor, type Answer } from '../../support/engine';

const RECEIPTS = {
  RECEIPT_STATE_PATH: 'state',
  RECEIPT_DELIVERED: 'done',
  BODY: '{"id":"{{id}}","to":"{{to}}","from":"{{from}}","text":"{{text}} {{receiptUrl}}"}',
};
const env: Record<string, string> = { SMS_ACCOUNTS: 'http.two' };
for (const [name, value] of Object.entries(RECEIPTS)) env[`SMS_HTTP_TWO_${name}`] = value;
let second: GatewaySink;
// Before the engine starts, which reads the address.
beforeAll(async () => {
  second = await GatewaySink.start();
  env['SMS_HTTP_TWO_URL'] = second.url;
});
const engine = useEngine({ processes: 1, env });
afterAll(() => second.close());

const rows = ({ body }: Answer): Record<string, unknown>[] => body['data'] as Record<string, unknown>[];
const gateway = async (name: string) =>
  rows(await engine.admin('GET /v1/gateways')).find((one) => one['name'] === name);

describe('two accounts of one gateway', () => {
  it('have breakers, receipts, routes and health of their own, and are tried out by name', async () => {
    expect(await gateway('http.two')).toMatchObject({
      title: 'Any gateway with an HTTP API',
      routes: [],
      supports: { receipts: true },
      receiptUrl: expect.stringMatching(/\/v1\/receipts\/http\.two\/[\w-]{43}$/),
    });
    expect(await gateway('http')).toMatchObject({ receiptUrl: null, routes: [{ countries: ['*'] }] });
    const to = newNumber();
    const tried = await engine.admin('POST /v1/gateways/http.two/test', { to });
    expect(tried.body).toMatchObject({ outcome: 'accepted' });
    expect(second.messages.at(-1)).toMatchObject({ to });
    const health = await engine.admin('GET /health/ready');
    expect(health.body).toMatchObject({
      checks: { gateways: { httpTwoSuccessRate: 1, httpSuccessRate: null } },
    });
  });

  it('have prices of their own', async () => {
    const price = { gateway: 'http.two', country: '*', channel: 'sms', price: 0.04, currency: 'EUR' };
    expect((await engine.admin('PUT /v1/prices', { prices: [price] })).body).toEqual({ imported: 1 });
    expect(rows(await engine.admin('GET /v1/prices?gateway=http.two'))).toHaveLength(1);
    const wrong = await engine.admin('PUT /v1/prices', { prices: [{ ...price, gateway: 'http.tow' }] });
    expect(JSON.stringify(wrong.body)).toContain('did you mean http.two?');
  });

  // Catches: an account that its vendor's receipts, or the statistics, know under the name of the other.
  it('are named in deliveries, receipts and statistics', async () => {
    const tenant = await engine.tenant({ routes: '*:http.two,http' });
    const { body } = await tenant.create({ to: newNumber() }, { headers: { prefer: 'wait=5' } });
    expect(body).toMatchObject({ deliveries: [{ provider: 'http.two', state: 'accepted' }] });
    const [url] = /http:\S+\/v1\/receipts\/http\.two\/\S+/.exec(second.messages.at(-1)?.text ?? '') ?? [];
    const receipt = await fetch(String(url), { method: 'POST', body: JSON.stringify({ state: 'done' }) });
    expect(receipt.status).toBe(200);
    // Catches: a secret of one account that opens the door of the other.
    const other = await fetch(String(url).replace('http.two', 'http'), { method: 'POST', body: '{}' });
    expect(other.status).toBe(404);
    const read = () => tenant.call(`GET /v1/verifications/${String(body['id'])}`);
    await until(async () => JSON.stringify((await read()).body).includes('"delivered"'));
    await until(async () => {
      const counted = rows(await engine.admin('GET /v1/statistics?groupBy=gateway&gateway=http.two'));
      return counted.some((row) => row['delivered'] === 1);
    });
  });

  it('can be named by an application only where the operator has set them up', async () => {
    const answer = await engine.admin('POST /v1/applications', {
      name: 'x',
      settings: { routes: '*:http.three' },
    });
    expect(wordFor(answer)).toBe('400 invalid_request');
    expect(JSON.stringify(answer.body)).toContain('There are: console, http, http.two');
  });
});
