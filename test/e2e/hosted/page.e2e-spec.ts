import { noLimits } from '../../builders/limits';
import { BrowserVisit, screenOf } from '../../support/browser-visit';
import { newNumber, type Tenant, useEngine, wordFor } from '../../support/engine';

const engine = useEngine({ processes: 1 });

const RETURN_URL = 'https://shop.example/back';
let tenant: Tenant;

beforeAll(async () => {
  const hosted = { returnUrls: [RETURN_URL], cancelUrls: ['https://shop.example/cancelled'] };
  tenant = await engine.tenant({ brand: 'Acme', limits: noLimits, policy: { cooldownSeconds: 0 }, hosted });
});

async function begin(body: object = {}): Promise<{ id: string; visit: BrowserVisit }> {
  const answer = await tenant.call('POST /v1/hosted-verifications', {
    purpose: 'login',
    returnUrl: RETURN_URL,
    ...body,
  });
  if (answer.status !== 201) throw new Error(`not begun: ${answer.text}`);
  const url = new URL(String(answer.body['url']));
  // All processes say the same PUBLIC_URL, if any.
  return { id: String(answer.body['id']), visit: new BrowserVisit(engine.apps[0]!.url + url.pathname) };
}

it('leads a person without script from the number to the proof', async () => {
  const to = newNumber();
  const { id, visit } = await begin({ state: 'order 17' });
  const first = await visit.page();
  expect([first.status, screenOf(first.text)]).toEqual([200, 'number']);
  const sent = await visit.form('send', { number: to, country: '' }, first);
  expect([sent.status, sent.headers.get('location')]).toEqual([303, new URL(visit.url).pathname]);
  const code = await engine.sink.waitForCode(to, 1);
  expect(screenOf((await visit.page()).text)).toBe('code');
  const checked = await visit.form('check', { code: `${code.slice(0, 3)} ${code.slice(3)}` });
  expect(checked.status).toBe(303);
  const done = await visit.page();
  expect(screenOf(done.text)).toBe('done');
  const link = /href="(https:\/\/shop\.example\/back\?result=[^"]+)"/.exec(done.text)?.[1] ?? '';
  const resultToken = new URL(link).searchParams.get('result');
  const redeemed = await tenant.call(`POST /v1/hosted-verifications/${id}/redeem`, { resultToken });
  expect([redeemed.status, redeemed.body]).toEqual([
    200,
    expect.objectContaining({ valid: true, to, purpose: 'login', state: 'order 17' }),
  ]);
  const again = await tenant.call(`POST /v1/hosted-verifications/${id}/redeem`, { resultToken });
  expect(wordFor(again)).toBe('409 result_used');
});
