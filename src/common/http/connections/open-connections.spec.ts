import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { OpenConnections } from './open-connections';

class FakeSocket extends EventEmitter {
  destroyed = false;
  destroy(): void {
    this.destroyed = true;
    // As the system does it: later.
    setImmediate(() => this.emit('close'));
  }
}

interface FakeRequest {
  readonly socket: FakeSocket;
  readonly headers: Record<string, string>;
  complete: boolean;
}

/** One response of one request; `answered` ends it. */
class FakeResponse extends EventEmitter {
  headersSent = false;
  constructor(readonly req: FakeRequest) {
    super();
  }
  answered(): void {
    this.headersSent = true;
    this.emit('close');
  }
}

function setup(limit: number) {
  let crowded = 0;
  const server = new EventEmitter();
  const handled: FakeResponse[] = [];
  server.on('request', (_request, response: FakeResponse) => handled.push(response));
  const connections = new OpenConnections(limit, () => (crowded += 1));
  connections.watch(server as unknown as Server);
  const connect = (): FakeSocket => {
    const socket = new FakeSocket();
    server.emit('connection', socket);
    return socket;
  };
  const request = (socket: FakeSocket, { whole = true } = {}): FakeResponse => {
    const response = new FakeResponse({ socket, headers: { 'content-length': '9' }, complete: whole });
    server.emit('request', response.req, response);
    return response;
  };
  return { connections, connect, request, handled, crowded: () => crowded };
}

const gone = (sockets: readonly FakeSocket[]): boolean[] => sockets.map(({ destroyed }) => destroyed);

/** Catches: a bound that refuses newcomers, and one that cuts off what is being worked on. */
describe('one connection too many', () => {
  it('takes the place of the one that has been silent longest', () => {
    const { connect, connections, crowded } = setup(3);
    const sockets = [connect(), connect(), connect(), connect(), connect()];
    expect(gone(sockets)).toEqual([true, true, false, false, false]);
    expect([connections.size, crowded()]).toEqual([3, 2]);
  });

  it('never takes the place of one that waits for the server', () => {
    const { connect, request } = setup(3);
    const first = connect();
    const working = request(first);
    const sockets = [connect(), connect(), connect(), connect()];
    expect([first.destroyed, ...gone(sockets)]).toEqual([false, true, true, false, false]);
    working.answered();
    const later = [connect(), connect()];
    // By now it is the one that was heard of last.
    expect([first.destroyed, ...gone(later)]).toEqual([false, false, false]);
    connect();
    expect(first.destroyed).toBe(true);
  });

  it('is refused when all are being worked on', () => {
    const { connect, request, connections } = setup(2);
    const busy = [connect(), connect()];
    busy.forEach((socket) => request(socket));
    const newcomer = connect();
    expect(gone([...busy, newcomer])).toEqual([false, false, true]);
    expect(connections.size).toBe(2);
  });

  it.each([
    ['half of whose body is missing', { whole: false, headersSent: false }],
    ['that does not take its answer', { whole: true, headersSent: true }],
  ])('takes the place of one %s', (_what, { whole, headersSent }) => {
    const { connect, request } = setup(2);
    const slow = connect();
    const response = request(slow, { whole });
    response.headersSent = headersSent;
    const other = connect();
    request(other);
    connect();
    expect(gone([slow, other])).toEqual([true, false]);
  });

  it('finds the place of a connection that has ended', async () => {
    const { connect, crowded } = setup(1);
    connect().destroy();
    await new Promise((resolve) => setImmediate(resolve));
    expect(connect().destroyed).toBe(false);
    expect(crowded()).toBe(0);
  });
});

// Catches: counts that never come down, since Node leaves open the answers that wait behind another one.
describe('the answers of a connection that has ended', () => {
  it('are closed, once each', async () => {
    const { connect, request } = setup(1);
    const socket = connect();
    const answers = [request(socket), request(socket), request(socket)];
    const closed: number[] = [];
    answers.forEach((answer, n) => answer.on('close', () => closed.push(n)));
    answers[0]?.answered();
    socket.destroy();
    // One turn for the system, one for us, and some in which nothing more may happen. A timer may come before them.
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toEqual([0, 1, 2]);
  });
});

describe('a request', () => {
  it('reaches those that listened before', () => {
    const { connect, request, handled } = setup(1);
    const response = request(connect());
    expect(handled).toEqual([response]);
  });
});
