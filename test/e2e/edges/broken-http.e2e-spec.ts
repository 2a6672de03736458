import { useEdgeSockets } from '../../support/edge-sockets';

const edge = useEdgeSockets();

interface BareAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The answers of a connection that the server closes. */
async function answersTo(bytes: string): Promise<BareAnswer[]> {
  const received = await edge().server.storyOf(await edge().open(bytes));
  return received.split(/(?=HTTP\/1\.1 )/).map(toAnswer);
}

function toAnswer(text: string): BareAnswer {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const [status = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(': ')[0]!.toLowerCase(), line.slice(line.indexOf(': ') + 2)]),
  );
  return { status: Number(status.split(' ')[1]), headers, body: body === '' ? {} : JSON.parse(body) };
}

const post = 'POST /v1/things HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n';
const get = 'GET /v1/things HTTP/1.1\r\nHost: x\r\n';

describe('an answer to what is hardly a request', () => {
  // Catches: answers of Node's own, which have no id, no problem and no line in the log.
  it.each([
    ['no HTTP', 400, 'invalid_request', 'BREW /pot HTCPCP/1.0\r\n\r\n'],
    ['TLS', 400, 'invalid_request', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['HTTP/2', 400, 'invalid_request', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['headers beyond 16 KiB', 413, 'payload_too_large', `${get}X-Long: ${'x'.repeat(17_000)}\r\n\r\n`],
    ['two lengths', 400, 'invalid_request', `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    ['a chunk of no length', 400, 'invalid_request', `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}`],
    ['no Host', 400, 'invalid_request', 'GET /v1/things HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['an Expect', 417, 'expectation_failed', `${get}Connection: close\r\nExpect: coffee\r\n\r\n`],
    ['an Expect before a body', 417, 'expectation_failed', `${post}Expect: tea\r\nContent-Length: 9\r\n\r\n`],
    ['CONNECT', 405, 'method_not_allowed', 'CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['an upgrade', 200, undefined, `${get}Connection: close, Upgrade\r\nUpgrade: websocket\r\n\r\n`],
    ['TRACE', 405, 'method_not_allowed', `${get.replace('GET', 'TRACE')}Connection: close\r\n\r\n`],
  ])('(%s) is %i with the headers of every answer', async (_what, status, code, bytes) => {
    const [answer, ...more] = await answersTo(bytes);
    expect(more).toEqual([]);
    expect({ status: answer!.status, code: answer!.body['code'] }).toEqual({ status, code });
    expect(answer!.headers).toMatchObject({
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    if (code === undefined) return;
    expect(answer!.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer!.body['requestId']).toBe(answer!.headers['x-request-id']);
    const own = edge()
      .lines()
      .filter((line) => line.includes(String(answer!.body['requestId'])));
    expect(own.join()).toContain(`"status":${status}`);
  });

  it('has the id that was sent, where the headers were read', async () => {
    const mine = 'X-Request-Id: order-17\r\n';
    for (const bytes of [
      `${get}${mine}Connection: close\r\nExpect: coffee\r\n\r\n`,
      `${post}${mine}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}`,
      `CONNECT x:443 HTTP/1.1\r\nHost: x\r\n${mine}\r\n`,
    ]) {
      const [answer] = await answersTo(bytes);
      expect(answer!.headers['x-request-id']).toBe('order-17');
    }
  });
});

describe('a whole request', () => {
  // Catches: an error that is written in the place of the answer that is still being made.
  it('gets its own answer, whatever nonsense comes behind it', async () => {
    const answers = await answersTo('GET /fail/slow/300 HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n');
    expect(answers).toMatchObject([{ status: 200, body: { done: true } }]);
  });

  it('and those before it too, each in its turn', async () => {
    const slow = 'GET /fail/slow/300 HTTP/1.1\r\nHost: x\r\n\r\n';
    const answers = await answersTo(`${slow}GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n${slow}\x00\x01`);
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 200]);
  });
});
