import { edgeApp, type EdgeApp } from '../../support/edge-app';

const open: EdgeApp[] = [];
afterEach(() => Promise.all(open.splice(0).map(({ app }) => app.close())));

async function start(settings: Parameters<typeof edgeApp>[0] = {}): Promise<EdgeApp> {
  const edge = await edgeApp(settings);
  await edge.app.init();
  open.push(edge);
  return edge;
}

/** The address that the server takes for the client's. */
async function clientAddress(hops: number, headers: Record<string, string>): Promise<string> {
  const edge = await edgeApp({ trustProxyHops: hops });
  open.push(edge);
  let seen = '';
  edge.app
    .getHttpAdapter()
    .getInstance()
    .addHook('preHandler', (request, _reply, done) => {
      seen = request.ip;
      done();
    });
  await edge.app.init();
  await edge.app.inject({ url: '/v1/things', headers, remoteAddress: '10.0.0.1' });
  return seen;
}

describe('the address of the client', () => {
  const forged = { 'x-forwarded-for': '203.0.113.66, 198.51.100.1, 198.51.100.2' };

  it('is the peer without trusted proxies, whatever headers say (fails when the header is always believed)', async () => {
    const all = {
      ...forged,
      'x-real-ip': '203.0.113.66',
      forwarded: 'for=203.0.113.66',
      'true-client-ip': '203.0.113.66',
    };
    expect(await clientAddress(0, all)).toBe('10.0.0.1');
  });

  it('stands as far from the right as there are proxies: what stands further left was written by the caller', async () => {
    expect(await clientAddress(1, forged)).toBe('198.51.100.2');
    expect(await clientAddress(2, forged)).toBe('198.51.100.1');
    expect(await clientAddress(1, { 'x-forwarded-for': '198.51.100.2' })).toBe('198.51.100.2');
    expect(await clientAddress(1, {})).toBe('10.0.0.1');
    expect(await clientAddress(1, { 'x-real-ip': '203.0.113.66', forwarded: 'for=203.0.113.66' })).toBe(
      '10.0.0.1',
    );
  });
});

describe('the request log', () => {
  const requests = (edge: EdgeApp): Record<string, unknown>[] =>
    edge
      .lines()
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'request');

  it('is one JSON line with the pattern of the route, never the address, its query, a header or a body', async () => {
    const edge = await start();
    await edge.app.inject({
      method: 'POST',
      url: '/v1/things/447700900123/notes?to=%2B447700900456',
      headers: {
        authorization: 'Bearer sk_secretkey',
        'content-type': 'application/json',
        cookie: 'id=c00kie',
      },
      payload: '{"note":"483920"}',
    });
    const [line] = requests(edge);
    expect(line).toMatchObject({ method: 'POST', route: '/v1/things/:id/notes', status: 200, level: 'info' });
    expect(Object.keys(line!).sort()).toEqual([
      'level',
      'method',
      'ms',
      'msg',
      'requestId',
      'route',
      'status',
      'time',
    ]);
    expect(edge.lines().join()).not.toMatch(/447700900|secretkey|c00kie|483920/);
  });

  it('has a line for what never reached a route', async () => {
    const edge = await start();
    await edge.app.inject({ url: '/nowhere/447700900123' });
    await edge.app.inject({
      method: 'POST',
      url: '/v1/things',
      headers: { 'content-type': 'application/json' },
      payload: '{',
    });
    expect(requests(edge)).toMatchObject([
      { route: null, status: 404 },
      { route: '/v1/things', status: 400 },
    ]);
    expect(edge.lines().join()).not.toContain('447700900123');
  });

  it('is silent below the level that is set', async () => {
    const edge = await start({ logLevel: 'error' });
    await edge.app.inject({ url: '/v1/things' });
    expect(edge.lines()).toEqual([]);
  });
});

describe('in production', () => {
  it('answers tell browsers to use HTTPS only', async () => {
    const edge = await start({ isProduction: true, environment: 'production' });
    const answer = await edge.app.inject({ url: '/nowhere' });
    expect(answer.headers['strict-transport-security']).toMatch(/max-age=31536000/);
  });
});
