import { connect } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { problemKinds } from '../../../src/common/problem';
import { edgeApp, type EdgeApp } from '../../support/edge-app';

let edge: EdgeApp;
let app: NestFastifyApplication;
let origin: string;

beforeAll(async () => {
  edge = await edgeApp();
  app = edge.app;
  await app.listen(0, '127.0.0.1');
  origin = await app.getUrl();
});
afterAll(() => app.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function call(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(origin + path, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

const json = { 'content-type': 'application/json' };
const post = (
  path: string,
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = json,
): Promise<Answer> => call(path, { method: 'POST', headers, body });

function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
    status,
    type: `urn:sixdigit:problem:${code}`,
    title: expect.any(String) as string,
  });
  expect(answer.body['requestId']).toBe(answer.headers.get('x-request-id'));
  expectEdgeHeaders(answer.headers);
}

function expectEdgeHeaders(headers: Headers): void {
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('x-request-id')).toMatch(/^[A-Za-z0-9._-]{1,64}$/);
}

/** Bytes on a socket, for what no client library would send. */
async function raw(bytes: string): Promise<string> {
  const { port } = app.getHttpServer().address() as { port: number };
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (data) => (received += data.toString()));
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}

describe('every answer', () => {
  it('carries the headers of the edge when it succeeds', async () => {
    const { status, headers } = await post('/v1/things', '{"name":"box"}');
    expect(status).toBe(201);
    expectEdgeHeaders(headers);
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('repeats a sane X-Request-Id and replaces any other', async () => {
    const sane = await call('/v1/things', { headers: { 'x-request-id': 'order-17.a_B' } });
    expect(sane.headers.get('x-request-id')).toBe('order-17.a_B');
    for (const bad of ['a b', 'x'.repeat(65), '<b>', '', 'a,b']) {
      const { headers } = await call('/v1/things', { headers: { 'x-request-id': bad } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe('an error', () => {
  it.each(Object.entries(problemKinds))('of code %s has its status', async (code, { status }) => {
    const answer = await call(`/fail/domain/${code}`);
    expectProblem(answer, status, code);
    expect(answer.headers.has('retry-after')).toBe(status === 429 || status === 503);
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  });

  it('for an endless lock says null and an hour', async () => {
    const answer = await call('/fail/domain/recipient_locked');
    expect(answer.body['lockedUntil']).toBeNull();
    expect(answer.headers.get('retry-after')).toBe('3600');
  });

  it('nobody expected is 500 and says nothing more, and its log line repeats neither code, number nor password', async () => {
    const answer = await call('/fail/unknown');
    expectProblem(answer, 500, 'internal');
    expect(Object.keys(answer.body).sort()).toEqual(['code', 'requestId', 'status', 'title', 'type']);
    const isMine = (line: string): boolean =>
      line.includes('request failed') && line.includes(String(answer.body['requestId']));
    const line = edge.lines().find(isMine);
    expect(line).toContain('edge-app');
    expect(edge.lines().join()).not.toMatch(/483920|447700900123|pa55word/);
  });

  it('of the database connection is 503 with Retry-After', async () => {
    const answer = await call('/fail/mongo');
    expectProblem(answer, 503, 'unavailable');
    expect(answer.headers.get('retry-after')).toBe('1');
  });
});

describe('an address', () => {
  it('that does not exist is 404', async () => {
    expectProblem(await call('/nowhere'), 404, 'not_found');
    expectProblem(await call('/'), 404, 'not_found');
    expectProblem(await call('/v1/things//cancel', { method: 'POST' }), 404, 'not_found');
    expectProblem(await post('/nowhere', 'a=b', { 'content-type': 'text/plain' }), 404, 'not_found');
  });

  it('that exists is 405 for another method, with Allow', async () => {
    const answer = await call('/v1/things?limit=1', { method: 'DELETE' });
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
    expectProblem(await call('/v1/things/7/cancel', { method: 'GET' }), 405, 'method_not_allowed');
    expectProblem(await call('/v1/things', { method: 'OPTIONS' }), 405, 'method_not_allowed');
    expectProblem(await post('/v1/things/7', '{}'), 405, 'method_not_allowed');
  });

  it('with broken percent-encoding is 400', async () => {
    expectProblem(await call('/v1/things/%E0%A4%A'), 400, 'invalid_request');
  });

  it('with an id longer than any id is refused without an error of ours', async () => {
    expectProblem(await call(`/v1/things/${'9'.repeat(2000)}`), 404, 'not_found');
    expectProblem(await call(`/v1/things/${'9'.repeat(900)}`), 400, 'invalid_request');
  });

  it('and headers beyond 16 KiB are 413', async () => {
    const answer = await raw(`GET /v1/things HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(17_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/content-type: application\/problem\+json/);
    expect(answer).toMatch(/cache-control: no-store/);
    expect(answer).toContain('"code":"payload_too_large"');
  });

  it('in broken HTTP is 400', async () => {
    for (const bytes of [
      'BREW /pot HTCPCP/1.0\r\n\r\n',
      'GET /v1/things HTTP/1.1\r\nHost x\r\n\r\n',
      '\x00\x01\r\n\r\n',
    ]) {
      const answer = await raw(bytes);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('"code":"invalid_request"');
    }
  });
});

describe('a body', () => {
  const errorsOf = (answer: Answer): { path: string; message: string }[] =>
    answer.body['errors'] as { path: string; message: string }[];

  it('that is not JSON is 415, whatever it calls itself', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/xml',
      'text/json',
      'x',
      'application/json; charset=utf-16',
    ]) {
      expectProblem(
        await post('/v1/things', '{"name":"box"}', { 'content-type': type }),
        415,
        'unsupported_media_type',
      );
    }
    expectProblem(
      await post('/v1/things', '{"name":"box"}', { ...json, 'content-encoding': 'gzip' }),
      415,
      'unsupported_media_type',
    );
    expect(
      (await post('/v1/things', '{"name":"box"}', { 'content-type': 'application/json; charset=UTF-8' }))
        .status,
    ).toBe(201);
  });

  it('beyond 16 KiB is 413, announced or not', async () => {
    const large = `{"name":"${'x'.repeat(16 * 1024)}"}`;
    expectProblem(await post('/v1/things', large), 413, 'payload_too_large');
    const chunked = await raw(
      `POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`,
    );
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
  });

  it.each([
    ['malformed', '{"name":', 'body'],
    ['empty', '', 'body'],
    ['a list', '[{"name":"box"}]', 'body'],
    ['a text', '"box"', 'body'],
    ['null', 'null', 'body'],
    ['without a field', '{}', 'name'],
    ['with a field of null', '{"name":null}', 'name'],
    ['with an object for a text', '{"name":{"$ne":null}}', 'name'],
    ['with a list for a text', '{"name":["a"]}', 'name'],
    ['with a number for a text', '{"name":1}', 'name'],
    ['with a text for a number', '{"name":"box","size":"1"}', 'size'],
    ['with a number beyond all bounds', '{"name":"box","size":1e999}', 'size'],
    ['with a control character', '{"name":"a\\u0000b"}', 'name'],
    ['with a terminal sequence', '{"name":"a\\u001b[31m"}', 'name'],
    ['with half a character', '{"name":"\\ud83d"}', 'name'],
    ['with a field too long', `{"name":"${'x'.repeat(21)}"}`, 'name'],
    ['with an unknown field', '{"name":"box","$where":"1"}', '$where'],
    [
      'with a nested value of the wrong type',
      '{"name":"box","metadata":{"plan":{"$gt":""}}}',
      'metadata.plan',
    ],
    ['with a repeated key', '{"name":"box","name":"bag"}', 'name'],
    ['with a repeated nested key', '{"name":"box","metadata":{"a":"1","\\u0061":"2"}}', 'metadata.a'],
    ['with __proto__', '{"name":"box","__proto__":{"x":1}}', '__proto__'],
    ['with a nested constructor', '{"name":"box","metadata":{"constructor":"1"}}', 'metadata.constructor'],
  ])('%s is 400 and names the place', async (_what, body, path) => {
    const answer = await post('/v1/things', body);
    expectProblem(answer, 400, 'invalid_request');
    expect(errorsOf(answer).map((e) => e.path)).toEqual([path]);
  });

  it('that is not UTF-8 is 400', async () => {
    expectProblem(await post('/v1/things', Uint8Array.from([0x7b, 0xff, 0x7d])), 400, 'invalid_request');
  });

  it('shorter or longer than announced never reaches a handler', async () => {
    const answer = await raw(
      'POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"name":"box"}',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('with many mistakes names at most twenty, and never a value', async () => {
    const body = Object.fromEntries([...Array(50).keys()].map((i) => [`unknown${i}`, 'topsecret']));
    const answer = await post('/v1/things', JSON.stringify(body));
    expect(errorsOf(answer)).toHaveLength(20);
    expect(JSON.stringify(answer.body)).not.toContain('topsecret');
  });

  it('says what to do: add, change, remove', async () => {
    const answer = await post('/v1/things', '{"size":true,"colour":"red"}');
    expect(errorsOf(answer)).toEqual([
      { path: 'name', message: 'Missing: expected string.' },
      { path: 'size', message: 'Expected number.' },
      { path: 'colour', message: 'Unknown property: remove it.' },
    ]);
  });

  it('may be missing where none is needed, with or without a content type', async () => {
    expect((await call('/v1/things/7/cancel', { method: 'POST' })).status).toBe(200);
    expect((await post('/v1/things/7/cancel', '')).status).toBe(200);
    expect((await call('/v1/things/7/notes', { method: 'POST' })).body).toEqual({ note: null });
    expect((await post('/v1/things/7/notes', '')).body).toEqual({ note: null });
    expectProblem(await call('/v1/things', { method: 'POST' }), 400, 'invalid_request');
  });
});

describe('a query or a path', () => {
  it('is checked and named like a body', async () => {
    expect((await call('/v1/things?limit=7')).body).toEqual({ limit: 7 });
    for (const [query, path] of [
      ['limit=x', 'limit'],
      ['limit=101', 'limit'],
      ['limit=1&limit=2', 'limit'],
      ['lim=1', 'lim'],
      ['__proto__=1', '__proto__'],
      ['limit[$gt]=1', 'limit[$gt]'],
    ]) {
      const answer = await call(`/v1/things?${query}`);
      expectProblem(answer, 400, 'invalid_request');
      expect(answer.body['errors']).toMatchObject([{ path }]);
    }
    expect((await call('/v1/things/abc')).body).toMatchObject({
      errors: [{ path: 'id', message: 'Not an id.' }],
    });
  });
});
