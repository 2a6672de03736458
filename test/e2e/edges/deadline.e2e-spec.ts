import Fastify from 'fastify';
import { answerInTime } from '../../../src/common/http/deadline';
import { ProblemFilter } from '../../../src/common/problem.filter';
import { RouteTable } from '../../../src/common/http/route-table';
import { RawSocket, ServerSockets } from '../../support/raw-socket';

/** Catches: the hook removed, or its timer not ended with the request. */
describe('the deadline of a call', () => {
  const server = Fastify();
  const filter = new ProblemFilter(new RouteTable());
  let finish: () => void = () => undefined;

  beforeAll(async () => {
    answerInTime(server, (error, request, reply) => filter.answer(error, request, reply), {
      deadlineMs: 50,
      takeAnswerMs: 100,
    });
    server.get('/hangs', () => new Promise((resolve) => (finish = () => resolve({ late: true }))));
    server.get('/big', () => 'x'.repeat(64 * 1024 * 1024));
    server.get('/answers', () => ({ ok: true }));
    server.post('/takes', () => ({ ok: true }));
    await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => server.close());
  const get = (path: string, headers = {}) => fetch(`${server.listeningOrigin}${path}`, { headers });

  it('answers 503 in the place of a call that hangs, and lets its end pass unnoticed', async () => {
    const response = await get('/hangs');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'unavailable' });
    finish();
    expect((await get('/answers')).status).toBe(200);
  });

  it('gives a call that may wait for its text that much longer', async () => {
    const waiting = get('/hangs', { prefer: 'wait=1' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    finish();
    expect(await (await waiting).json()).toEqual({ late: true });
  });

  // Catches: a body that is waited for until a limit of Node's ends it, if there is one.
  it('answers 400 in the place of a call whose body does not arrive', async () => {
    const head =
      'POST /takes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n';
    const client = await RawSocket.open(server.listeningOrigin, `${head}{`);
    while (client.received === '') await new Promise((resolve) => setTimeout(resolve, 5));
    expect(client.received).toMatch(/^HTTP\/1\.1 400 [^]*took too long to arrive/);
    client.socket.destroy();
  });

  // Catches: no bound on the time that a client takes for an answer, which then stays in memory.
  it('ends a connection whose client does not take its answer', async () => {
    const sockets = new ServerSockets(server.server);
    const client = await RawSocket.open(server.listeningOrigin, 'GET /big HTTP/1.1\r\nHost: x\r\n\r\n');
    client.socket.pause();
    // Without the bound it stays as long as the client does.
    await sockets.closed(client);
    client.socket.destroy();
  });
});
