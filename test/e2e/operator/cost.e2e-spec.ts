import { getCountries } from 'libphonenumber-js/max';
import { channels } from '../../../src/common/channel';
import { gateways } from '../../../src/sms/gateways.generated';
import { ADMIN_KEY, newNumber, useEngine, until, wordFor, type Answer } from '../../support/engine';

const engine = useEngine();

const CSV = 'gateway,country,channel,price,currency\nhttp,ES,sms,0.0345,EUR\nhttp,*,sms,0.05,USD\n';

const csv = (text: string, query = '', on = 0): Promise<Response> =>
  fetch(`${engine.apps[on]!.url}/v1/prices${query}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'text/csv' },
    body: text,
  });
const rows = ({ body }: Answer): Record<string, unknown>[] => body['data'] as Record<string, unknown>[];

describe('prices', () => {
  it('are imported as CSV, listed, and estimate every text of this instance from then on', async () => {
    expect(await (await csv(CSV)).json()).toEqual({ imported: 2 });
    const listed = await engine.admin('GET /v1/prices?gateway=http');
    expect(rows(listed)).toMatchObject([
      { country: '*', price: '0.050000', currency: 'USD', source: 'import' },
      { country: 'ES', price: '0.034500', currency: 'EUR', source: 'import' },
    ]);
    const tenant = await engine.tenant();
    const { body } = await tenant.create({ to: newNumber() }, { headers: { prefer: 'wait=5' } });
    expect(body).toMatchObject({
      cost: { estimated: [{ amount: '0.034500', currency: 'EUR', micros: 34_500 }], reported: [] },
      deliveries: [{ parts: 1, attempts: [{ provider: 'http', outcome: 'accepted', parts: 1 }] }],
    });
  });

  // Catches: storing the good rows of a file with a bad one.
  it('are imported all or none', async () => {
    const answer = await csv(`${CSV}http,FR,sms,0.01,EUR\nhttp,XX,sms,1,EUR\n`);
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: unknown };
    expect(errors).toEqual([
      { path: 'line 5, column country', message: expect.stringContaining('two letters of ISO 3166-1') },
    ]);
    expect(rows(await engine.admin('GET /v1/prices?country=FR'))).toEqual([]);
  });

  it('are replaced as a whole when asked, as JSON too', async () => {
    const price = { gateway: 'http', country: 'ES', channel: 'sms', price: 0.04, currency: 'EUR' };
    const answer = await engine.admin('PUT /v1/prices', { prices: [price], replace: true });
    expect(answer.body).toEqual({ imported: 1 });
    expect(rows(await engine.admin('GET /v1/prices'))).toHaveLength(1);
    expect(wordFor(await engine.admin('PUT /v1/prices', { prices: [{ ...price, channel: 'fax' }] }))).toBe(
      '400 invalid_request',
    );
  });

  it('of ten thousand rows fit into one import, and pages give them back', async () => {
    const places = Object.keys(gateways).flatMap((gateway) =>
      getCountries().flatMap((country) => channels.map((channel) => [gateway, country, channel].join(','))),
    );
    const all = places.slice(0, 10_000);
    const text = ['gateway,country,channel,price,currency', ...all.map((place) => `${place},1.5,EUR`)].join(
      '\n',
    );
    expect(await (await csv(text, '?replace=true')).json()).toEqual({ imported: all.length });
    let [count, cursor] = [0, ''];
    do {
      const page = await engine.admin(`GET /v1/prices?limit=1000${cursor}`);
      count += rows(page).length;
      const next = page.body['nextCursor'];
      cursor = typeof next === 'string' ? `&cursor=${next}` : '';
    } while (cursor !== '');
    expect(count).toBe(all.length);
  });

  it('are the operator’s alone, and CSV is theirs alone', async () => {
    const tenant = await engine.tenant();
    for (const route of ['GET /v1/prices', 'PUT /v1/prices', 'POST /v1/prices/download'])
      expect(wordFor(await tenant.call(route, route.startsWith('GET') ? undefined : {}))).toBe(
        '403 forbidden',
      );
    const other = await fetch(`${engine.apps[0]!.url}/v1/verifications`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tenant.key}`, 'content-type': 'text/csv' },
      body: CSV,
    });
    expect(other.status).toBe(415);
  });

  // Catches: a limit for imports that holds for every route.
  it('may be large; other bodies may not', async () => {
    const large = `${CSV}${' '.repeat(100_000)}`;
    expect((await csv(large)).status).toBe(400);
    expect((await csv(`${CSV}${'\n'.repeat(1_100_000)}`)).status).toBe(413);
    const body = { name: 'x'.repeat(17_000) };
    expect(wordFor(await engine.admin('POST /v1/applications', body))).toBe('413 payload_too_large');
  });

  it('cannot be downloaded from a gateway that has none, and the answer says so', async () => {
    const answer = await engine.admin('POST /v1/prices/download', { gateway: 'http' });
    expect(wordFor(answer)).toBe('400 invalid_request');
  });
});

describe('statistics', () => {
  const range = 'groupBy=country,gateway,channel,purpose';

  it('show sends, conversions, cost and times of the own application, on every instance', async () => {
    await csv(CSV, '?replace=true');
    const tenant = await engine.tenant();
    const approved = await tenant.start({ purpose: 'login' });
    expect((await tenant.check(approved.id, approved.code)).status).toBe(200);
    await tenant.start({ purpose: 'login' });
    const data = await until(async () => {
      const answer = await tenant.call(`GET /v1/statistics?${range}`, undefined, { on: 1 });
      const [row] = rows(answer);
      return row?.['approved'] === 1 && row['verifications'] === 2 && row['accepted'] === 2 && row;
    });
    expect(data).toMatchObject({
      country: 'ES',
      gateway: 'http',
      channel: 'sms',
      purpose: 'login',
      sends: 2,
      delivered: 0,
      duplicates: 0,
      conversionRate: 0.5,
      cost: { estimated: [{ amount: '0.069000', currency: 'EUR', micros: 69_000 }], reported: [] },
      timeToDelivery: { p50: null, p95: null },
      timeToApproval: { p50: expect.any(Number), p95: expect.any(Number) },
    });
  });

  // Catches: an API key that sees other applications' numbers.
  it('keep applications apart; the operator sees all of them', async () => {
    const [one, other] = await Promise.all([engine.tenant(), engine.tenant()]);
    await one.start();
    await until(async () => rows(await one.call('GET /v1/statistics')).length === 1);
    expect(rows(await other.call('GET /v1/statistics'))).toEqual([]);
    expect(wordFor(await other.call(`GET /v1/statistics?applicationId=${one.id}`))).toBe(
      '400 invalid_request',
    );
    expect(wordFor(await other.call('GET /v1/statistics?groupBy=application'))).toBe('400 invalid_request');
    const own = await engine.admin(`GET /v1/statistics?groupBy=application,day&applicationId=${one.id}`);
    const day = new Date().toISOString().slice(0, 10);
    expect(rows(own)).toMatchObject([{ application: one.id, day, verifications: 1 }]);
    const all = rows(await engine.admin('GET /v1/statistics?groupBy=application'));
    expect(all.map(({ application }) => application)).toContain(one.id);
  });

  it('need their scope', async () => {
    const tenant = await engine.tenant();
    const made = await engine.admin(`POST /v1/applications/${tenant.id}/keys`, {
      scopes: ['verifications:read'],
    });
    const answer = await engine.call('GET /v1/statistics', String(made.body['key']));
    expect(wordFor(answer)).toBe('403 forbidden');
    expect(wordFor(await engine.call('GET /v1/statistics', null))).toBe('401 unauthorized');
  });

  it.each([
    'from=yesterday',
    'from=2026-01-02&to=2026-01-01',
    'from=2025-01-01&to=2026-12-31',
    'groupBy=hour',
    'channel=fax',
    'unknown=1',
  ])('refuse %s', async (query) => {
    expect(wordFor(await engine.admin(`GET /v1/statistics?${query}`))).toBe('400 invalid_request');
  });
});
