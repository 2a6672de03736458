import { setTimeout as sleep } from 'node:timers/promises';
import { edgeApp, type EdgeApp } from '../../support/edge-app';
import { RawSocket, ServerSockets } from '../../support/raw-socket';

/**
 * Slow clients on real sockets, with the real limits: all at once, because each waits for its end. The clients never
 * close by themselves. What comes first is asserted, not when: the server's limits run out in their order on any machine.
 *
 * Catches: limits for headers and requests the wrong way round (Node then swaps them, and half a body was held 60 s),
 * an answer that leaves the connection open for the rest of its request, an end that waits for the client's.
 */
jest.setTimeout(30_000);

let edge: EdgeApp;
let origin: string;
let server: ServerSockets;
const post = 'POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const stories: Record<string, Promise<string>> = {};

async function story(name: string): Promise<string> {
  const found = stories[name];
  if (!found) throw new Error(`no story of ${name}`);
  return found;
}

async function tell(name: string, bytes: string, thenSlowly = ''): Promise<void> {
  const client = await RawSocket.open(origin, bytes);
  stories[name] = server.storyOf(client);
  if (thenSlowly !== '') void client.trickle(thenSlowly);
}

/** @returns what came back, and whether it was over before a client was given up who only falls silent */
async function exchange(bytes: string | Buffer): Promise<{ received: string; isFirst: boolean }> {
  const silent = await RawSocket.open(origin);
  const told = server.storyOf(await RawSocket.open(origin, bytes));
  const isFirst = await Promise.race([told.then(() => true), server.closed(silent).then(() => false)]);
  silent.socket.destroy();
  return { received: await told, isFirst };
}

beforeAll(async () => {
  edge = await edgeApp();
  server = new ServerSockets(edge.app.getHttpServer());
  await edge.app.listen(0, '127.0.0.1');
  origin = await edge.app.getUrl();
  await tell('silence', '');
  await tell('half headers', 'GET /v1/things HTTP/1.1\r\nHost: x\r\nX-Mo');
  await tell('headers byte by byte', 'GET /v1/things HTTP/1.1\r\nHost: x\r\n', `X-More: ${'x'.repeat(60)}`);
  await tell('half a body', `${post}Content-Length: 14\r\n\r\n{"name":`);
  await tell('a body byte by byte', `${post}Content-Length: 80\r\n\r\n{"name":"`, 'x'.repeat(60));
  await tell('an endless body', `${post}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n{\r\n'.repeat(20));
  await tell('half of the next request', `GET /v1/things HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/th`);
});
afterAll(() => edge.app.close());

describe('a client that is slow', () => {
  it('with its first byte is closed without a word: it asked nothing', async () => {
    expect(await story('silence')).toBe('');
  });

  it.each(['half headers', 'headers byte by byte'])(
    'with its headers (%s) is told so and closed',
    async (name) => {
      const received = await story(name);
      expect(received).toMatch(/^HTTP\/1\.1 400 /);
      expect(received).toContain('The request took too long to arrive.');
      expect(received).toMatch(/x-request-id: [0-9a-f-]{36}\r\n/);
    },
  );

  it.each(['half a body', 'a body byte by byte', 'an endless body'])(
    'with its body (%s) is told so and closed, and no handler has seen it',
    async (name) => {
      const received = await story(name);
      expect(received).toMatch(/^HTTP\/1\.1 400 /);
      expect(received).toContain('The request took too long to arrive.');
      expect(received).toMatch(/\r\nconnection: close\r\n/i);
      expect(received.match(/HTTP\/1\.1/g)).toHaveLength(1);
    },
  );

  it('with the request after an answered one is told so too', async () => {
    const received = await story('half of the next request');
    expect(received).toMatch(/^HTTP\/1\.1 200 [^]*HTTP\/1\.1 400 [^]*took too long/);
  });
});

describe('a client that leaves in the middle of its body', () => {
  it('shows in the log as its own fault (fails when it is taken for one of the database)', async () => {
    const id = 'X-Request-Id: gone-away\r\n';
    const client = await RawSocket.open(origin, `${post}${id}Content-Length: 14\r\n\r\n{"name":`);
    await sleep(100);
    client.socket.destroy();
    const line = () => edge.lines().find((one) => one.includes('gone-away') && one.includes('"status"'));
    while (!line()) await sleep(10);
    expect(line()).toContain('"status":400');
  });
});

describe('an answer before the request is in', () => {
  const early = `POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 500\r\n\r\nhalf`;

  it('is the last of its connection, which is gone two seconds later', async () => {
    const { received, isFirst } = await exchange(early);
    expect(received).toMatch(/^HTTP\/1\.1 415 [^]*\r\nconnection: close\r\n/i);
    expect(isFirst).toBe(true);
  });

  it('also when the address makes no sense', async () => {
    const bad = early.replace('/v1/things', '/v1/%E0%A4%A');
    const { received, isFirst } = await exchange(bad);
    expect(received).toMatch(/^HTTP\/1\.1 400 [^]*\r\nconnection: close\r\n/i);
    expect(isFirst).toBe(true);
  });

  // Catches: an end without delay, at which the system drops what was sent before.
  it('reaches a client that is still sending', async () => {
    const body = Buffer.alloc(4 * 1024 * 1024, 0x20);
    const head = Buffer.from(`${post}Content-Length: ${body.length}\r\n\r\n`);
    const { received, isFirst } = await exchange(Buffer.concat([head, body]));
    expect(received).toMatch(/^HTTP\/1\.1 413 [^]*"code":"payload_too_large"[^]*}$/);
    expect(isFirst).toBe(true);
  });

  // Catches: requests that are worked on although their answer can go nowhere.
  it.each(['in one piece', 'later'])('is the end for what stands behind it, sent %s', async (when) => {
    const behind = `${'x'.repeat(496)}GET /fail/unknown HTTP/1.1\r\nHost: x\r\n\r\n`;
    const client = await RawSocket.open(origin, when === 'later' ? early : early + behind);
    if (when === 'later') {
      while (client.received === '') await sleep(10);
      client.socket.write(behind);
    }
    const received = await server.storyOf(client);
    expect(received.match(/HTTP\/1\.1/g)).toHaveLength(1);
    // That route leaves a line when it is run.
    expect(edge.lines().join()).not.toContain('request failed');
  });
});

describe('a client that is not slow', () => {
  it('keeps its connection, with a body and without', async () => {
    const body = '{"name":"box"}';
    const client = await RawSocket.open(
      origin,
      `${post}Content-Length: ${body.length}\r\n\r\n${body}GET /v1/things HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    await sleep(2_500);
    expect(client.socket.destroyed).toBe(false);
    expect(client.received).toMatch(/^HTTP\/1\.1 201 [^]*HTTP\/1\.1 200 /);
    expect(client.received).not.toMatch(/connection: close/i);
    client.socket.destroy();
  });
});
