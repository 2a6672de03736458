import type { View } from '../../../web/verify/contract';
import { newNumber, useEngine, wordFor, type Answer, toAnswer } from '../../support/engine';
import { RETURN_URL, Shop, SHOP, shopSettings } from '../../support/hosted-shop';

const engine = useEngine({ processes: 1 });
let shop: Shop;
beforeAll(async () => {
  const texts = { en: { 'code.title': 'Your Acme code' } };
  shop = await Shop.open(engine, { hosted: { ...shopSettings.hosted, texts } });
});

async function call(
  route: string,
  token: string | null,
  body?: object,
  headers: Record<string, string> = { origin: SHOP },
): Promise<Answer> {
  const [method = 'GET', path = ''] = route.split(' ');
  const response = await fetch(engine.apps[0]!.url + path, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return toAnswer(response);
}

async function begin(body: object = {}): Promise<{ id: string; token: string }> {
  const { body: begun } = await shop.ask({ origin: SHOP, ...body });
  return { id: String(begun['id']), token: String(begun['sessionToken']) };
}

const viewOf = ({ body }: Answer): View => body as unknown as View;

describe('the session of a component', () => {
  it('leads from the number to a proof that the page hands to its backend', async () => {
    const to = newNumber();
    const { id, token } = await begin();
    const first = await call('GET /embed/v1/session', token);
    expect([first.status, first.headers.get('access-control-allow-origin')]).toEqual([200, SHOP]);
    expect(viewOf(first)).toMatchObject({ screen: 'number', formToken: '' });
    const { operation } = viewOf(first);
    const sent = await call('POST /embed/v1/session/send', token, { operation, number: to });
    expect(viewOf(sent)).toMatchObject({ screen: 'code' });
    const code = await shop.code(to);
    const done = viewOf(await call('POST /embed/v1/session/check', token, { code }));
    expect(done).toMatchObject({ screen: 'done', continueUrl: null });
    expect((await shop.redeem(id, done.resultToken)).body).toMatchObject({ valid: true, to });
  });

  it('says it as the application does', async () => {
    const { token } = await begin();
    const { body } = await call('GET /embed/v1/session/words', token);
    expect(body).toMatchObject({ code: { title: 'Your Acme code' } });
  });

  // Catches: a token that a page of somebody else can use; an answer that every page may read.
  it('is for the pages of one origin', async () => {
    const to = newNumber();
    const { token } = await begin({ to });
    for (const origin of ['https://evil.example', 'null', `${SHOP}.evil.example`, `${SHOP}:8443`]) {
      const answers = [
        await call('GET /embed/v1/session', token, undefined, { origin }),
        await call('POST /embed/v1/session/send', token, { operation: 'o' }, { origin }),
      ];
      for (const answer of answers) {
        expect(wordFor(answer)).toBe('403 forbidden');
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      }
    }
    expect(wordFor(await call('POST /embed/v1/session/send', token, { operation: 'o' }, {}))).toBe(
      '403 forbidden',
    );
    expect(engine.sink.sentTo(to)).toHaveLength(0);
    const { headers } = await call('GET /embed/v1/session', token);
    expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([
      SHOP,
      expect.stringMatching(/\borigin\b/i),
    ]);
  });

  it('is asked for before it is used, by any page and without saying which', async () => {
    for (const path of ['/embed/v1/session', '/embed/v1/session/send']) {
      const { status, headers } = await call(`OPTIONS ${path}`, null, undefined, {
        origin: 'https://any.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      });
      expect([status, headers.get('access-control-allow-origin')]).toEqual([204, '*']);
      expect(headers.get('access-control-allow-headers')).toBe('authorization, content-type');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  // Catches: a link that works as a session, an API key that does, and an answer that tells which there was.
  it('is nothing else, and looks the same when it is over', async () => {
    const { id, token } = await begin();
    const { visit } = await shop.begin();
    const link = visit.url.split('/').at(-1)!;
    await engine.db
      .collection<{ _id: string }>('hosted_verifications')
      .updateOne({ _id: id }, { $set: { expiresAt: new Date(0) } });
    const tokens = [token, `sds_${link}`, link, `sds_${'A'.repeat(43)}`, shop.tenant.key, null];
    for (const one of tokens) {
      const answer = await call('GET /embed/v1/session', one);
      expect([wordFor(answer), answer.headers.get('access-control-allow-origin')]).toEqual([
        '401 session_invalid',
        '*',
      ]);
    }
  });

  it('is minted for the origins of the application alone', async () => {
    for (const origin of ['https://evil.example', `${SHOP}/`, 'http://shop.example', `${SHOP}.evil.example`])
      expect(wordFor(await shop.ask({ origin }))).toBe('400 invalid_request');
    expect(wordFor(await shop.ask({ origin: SHOP, returnUrl: RETURN_URL }))).toBe('400 invalid_request');
  });
});

describe('what the component loads', () => {
  it('may be loaded by every page, and comes compressed', async () => {
    const response = await fetch(`${engine.apps[0]!.url}/embed/v1/sixdigit-verify.js`, {
      headers: { 'accept-encoding': 'gzip, deflate, br' },
    });
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-encoding': 'br',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=3600',
    });
    await response.arrayBuffer();
    const again = await fetch(response.url, { headers: { 'if-none-match': headers['etag']! } });
    expect(again.status).toBe(304);
  });

  it('is found by its name and by no path', async () => {
    const { visit } = await shop.begin();
    const script = /src="(\/assets\/[\w.-]+\.js)"/.exec((await visit.page()).text)![1]!;
    const asset = await call(`GET ${script}`, null);
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    for (const path of [
      '/assets/manifest.json',
      '/assets/..%2fmanifest.json',
      '/assets/%2e%2e',
      '/assets/x.js',
    ])
      expect(wordFor(await call(`GET ${path}`, null))).toBe('404 not_found');
  });
});

// Catches: a switch that leaves a door open.
it('with HOSTED=off there is no page, no component and no beginning', async () => {
  const { visit } = await shop.begin();
  const off = await engine.add({ HOSTED: 'off' });
  const at = engine.apps.length - 1;
  const paths = [
    `GET ${new URL(visit.url).pathname}`,
    `GET ${new URL(visit.url).pathname}/state`,
    `POST ${new URL(visit.url).pathname}/send`,
    'GET /embed/v1/session',
    'GET /embed/v1/session/words',
    'POST /embed/v1/session/send',
    'GET /embed/v1/sixdigit-verify.js',
    'GET /assets/page.js',
    'POST /v1/hosted-verifications',
  ];
  for (const path of paths)
    expect([path, (await engine.call(path, shop.tenant.key, undefined, { on: at })).status]).toEqual([
      path,
      404,
    ]);
  expect((await fetch(`${off.url}/health/ready`)).status).toBe(200);
}, 60_000);
