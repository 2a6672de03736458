import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { TcpProxy } from './tcp-proxy';

/** Collects what a socket receives, and tells when it is closed. */
function listen(socket: Socket): {
  text: () => string;
  closed: Promise<void>;
  until: (text: string) => Promise<void>;
} {
  let received = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => (received += chunk.toString()));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const until = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => (received.includes(text) ? resolve() : void setTimeout(check, 2));
      check();
    });
  return { text: () => received, closed, until };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the misbehaving proxy', () => {
  let heard = '';
  let server: Server;
  let proxy: TcpProxy;
  /** Delays that were asked for: they last until they are woken. */
  let sleeps: { readonly ms: number; readonly wake: () => void }[];

  beforeEach(async () => {
    heard = '';
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        heard += chunk.toString();
        socket.write(`echo:${chunk.toString()}`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    sleeps = [];
    const sleep = (ms: number) => new Promise<void>((wake) => sleeps.push({ ms, wake }));
    proxy = await TcpProxy.start((server.address() as AddressInfo).port, sleep);
  });

  afterEach(async () => {
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  const open = (): Socket => connect(proxy.port, '127.0.0.1');

  it('passes bytes both ways', async () => {
    const socket = open();
    const client = listen(socket);
    socket.write('hello');
    await client.until('echo:hello');
    socket.destroy();
  });

  it('cuts connections and refuses new ones until it heals', async () => {
    const first = open();
    const before = listen(first);
    first.write('a');
    await before.until('echo:a');
    proxy.cut();
    await before.closed;
    await listen(open()).closed;
    proxy.heal();
    const again = open();
    const after = listen(again);
    again.write('b');
    await after.until('echo:b');
    again.destroy();
  });

  it('swallows answers while the requests arrive, and resets those connections when it heals', async () => {
    const socket = open();
    const client = listen(socket);
    socket.write('a');
    await client.until('echo:a');
    proxy.swallowAnswers();
    socket.write('b');
    while (heard !== 'ab') await pause(2);
    await pause(30);
    expect(client.text()).toBe('echo:a');
    proxy.heal();
    await client.closed;
  });

  it('acts on one request in particular: cut before it arrives, or its answer swallowed', async () => {
    const socket = open();
    const client = listen(socket);
    proxy.swallowAfter('mine');
    socket.write('yours,');
    await client.until('echo:yours,');
    socket.write('it is mine,');
    while (heard !== 'yours,it is mine,') await pause(2);
    await pause(30);
    expect(client.text()).toBe('echo:yours,');
    proxy.heal();
    await client.closed;

    const second = open();
    const cut = listen(second);
    proxy.cutBefore('mine');
    second.write('also mine');
    await cut.closed;
    expect(heard).toBe('yours,it is mine,');
  });

  it('delays answers and keeps their order', async () => {
    const socket = open();
    const client = listen(socket);
    proxy.delay(60);
    socket.write('a');
    // The target answering is not yet the proxy holding the answer.
    while (proxy.held < 1 && client.text() === '') await pause(2);
    proxy.delay(0);
    socket.write('b');
    while (proxy.held < 2 && client.text() === '') await pause(2);
    expect(sleeps.map(({ ms }) => ms)).toEqual([60]);
    expect(client.text()).toBe('');
    sleeps[0]!.wake();
    await client.until('echo:b');
    expect(client.text()).toBe('echo:aecho:b');
    socket.destroy();
  });

  it('closes both sides when one of them goes', async () => {
    const socket = open();
    const client = listen(socket);
    socket.write('a');
    await client.until('echo:a');
    const gone = new Promise<void>((resolve) =>
      server.getConnections((_, count) => resolve(expect(count).toBe(1))),
    );
    await gone;
    socket.destroy();
    await client.closed;
    await pause(20);
    await new Promise<void>((resolve) => server.getConnections((_, count) => resolve(expect(count).toBe(0))));
  });
});
