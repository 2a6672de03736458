import { decode } from 'fast-png';
import { picture } from '../../builders/pictures';
import { ADMIN_KEY, useEngine, type Tenant } from '../../support/engine';
import { OpenApiMatcher } from '../../support/openapi-match';

const engine = useEngine({ processes: 1 });

let matcher: OpenApiMatcher;
let tenant: Tenant;
beforeAll(async () => {
  matcher = new OpenApiMatcher((await engine.call('GET /openapi.json', null)).body as never);
  tenant = await engine.tenant({ brand: 'Acme' });
});

async function call(method: string, body: Buffer | null, headers: Record<string, string> = {}) {
  const response = await fetch(`${engine.apps[0]!.url}/v1/applications/${tenant.id}/logo`, {
    method,
    headers: {
      authorization: `Bearer ${ADMIN_KEY}`,
      ...(body && { 'content-type': 'image/png' }),
      ...headers,
    },
    body: body && new Uint8Array(body),
  });
  const text = await response.text();
  const answer = text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
  matcher.expectMatches(method.toLowerCase() as 'put', '/v1/applications/{id}/logo', response.status, answer);
  return { status: response.status, body: answer ?? {} };
}

const path = (url: unknown): string => new URL(String(url)).pathname;
const load = (pathname: string) => fetch(engine.apps[0]!.url + pathname);

describe('the logo of an application', () => {
  it('is shown to everybody from an address that never changes its content', async () => {
    const { status, body } = await call('PUT', picture({ width: 8, height: 2 }));
    expect({ status, body }).toMatchObject({ status: 200, body: { width: 8, height: 2 } });
    const response = await load(path(body['url']));
    expect(
      [...response.headers].filter(([name]) => !/^(date|x-request-id|connection|keep-alive)$/.test(name)),
    ).toEqual(
      expect.arrayContaining([
        ['cache-control', 'public, max-age=31536000, immutable'],
        ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
        ['content-type', 'image/png'],
        ['cross-origin-resource-policy', 'cross-origin'],
        ['x-content-type-options', 'nosniff'],
      ]),
    );
    const bytes = await response.arrayBuffer();
    expect(decode(bytes)).toMatchObject({ width: 8, height: 2 });
    expect(bytes.byteLength).toBe(body['bytes']);
    const application = await engine.admin(`GET /v1/applications/${tenant.id}`);
    expect(application.body['logo']).toBe(path(body['url']));
  });

  it('goes when it is removed', async () => {
    await call('PUT', picture());
    expect((await call('DELETE', null)).status).toBe(204);
    const application = await engine.admin(`GET /v1/applications/${tenant.id}`);
    expect(application.body['logo']).toBeNull();
  });

  it.each<[string, Buffer, Record<string, string>, number, RegExp]>([
    ['SVG', Buffer.from('<svg onload="alert(1)"/>'), { 'content-type': 'image/svg+xml' }, 415, /image\/png/],
    ['SVG that calls itself PNG', Buffer.from('<svg onload="alert(1)"/>'), {}, 400, /export it as PNG/],
    ['JSON', Buffer.from('{}'), { 'content-type': 'application/json' }, 415, /image\/png/],
    [
      'a form',
      Buffer.from('--x--'),
      { 'content-type': 'multipart/form-data; boundary=x' },
      415,
      /image\/png/,
    ],
    ['compression', picture(), { 'content-encoding': 'gzip' }, 415, /without compression/],
    ['nothing', Buffer.alloc(0), {}, 400, /This is no PNG/],
    ['too much', Buffer.alloc(33 * 1024), {}, 413, /a logo 32 KiB/],
  ])('is not %s', async (_what, bytes, headers, status, words) => {
    const answer = await call('PUT', bytes, headers);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toMatch(words);
  });

  it('is set by the operator alone, and nobody else sends a byte', async () => {
    for (const [key, status] of [
      [tenant.key, 403],
      ['sdk_unknown', 401],
    ] as const) {
      const answer = await call('PUT', Buffer.alloc(33 * 1024), { authorization: `Bearer ${key}` });
      expect(answer.status).toBe(status);
    }
  });

  it('is not there under another address, and no such answer is kept', async () => {
    for (const pathname of [
      '/brand/nobody/x.png',
      `/brand/${tenant.id}/${'0'.repeat(32)}.png`,
      '/brand/a/b/c',
    ]) {
      const response = await load(pathname);
      expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store']);
    }
  });
});
