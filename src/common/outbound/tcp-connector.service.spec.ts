import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { ResolveAll } from './guarded-lookup';
import { TcpError } from './tcp-connector';
import { GuardedTcpConnector } from './tcp-connector.service';

describe('GuardedTcpConnector over real sockets', () => {
  let server: Server;
  let port = 0;
  const accepted: Socket[] = [];

  beforeEach(async () => {
    server = createServer((socket) => {
      accepted.push(socket);
      socket.on('error', () => undefined);
      socket.end('hello');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(async () => {
    for (const socket of accepted.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const soon = () => AbortSignal.timeout(2_000);
  const failure = async (call: Promise<unknown>): Promise<TcpError> => {
    const error: unknown = await call.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TcpError);
    return error as TcpError;
  };

  it('connects', async () => {
    const socket = await new GuardedTcpConnector({ allowPrivate: true }).connect(
      { host: '127.0.0.1', port },
      soon(),
    );
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('hello');
  });

  it('says that nothing came about when the port is closed, the name unknown or the signal aborted', async () => {
    const connector = new GuardedTcpConnector({ allowPrivate: true });
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const closed = (other.address() as AddressInfo).port;
    await new Promise((resolve) => other.close(resolve));
    expect(await failure(connector.connect({ host: '127.0.0.1', port: closed }, soon()))).toMatchObject({
      kind: 'connect',
    });
    expect(await failure(connector.connect({ host: 'smsc.invalid', port }, soon()))).toMatchObject({
      kind: 'connect',
    });
    expect(await failure(connector.connect({ host: '127.0.0.1', port }, AbortSignal.abort()))).toMatchObject({
      kind: 'connect',
    });
  });

  it('ends at the signal while it connects', async () => {
    const never: ResolveAll = () => undefined;
    const connector = new GuardedTcpConnector({ allowPrivate: false, resolve: never });
    const call = connector.connect({ host: 'smsc.example', port }, AbortSignal.timeout(50));
    expect(await failure(call)).toMatchObject({ kind: 'connect' });
  });

  describe('where private addresses are refused', () => {
    const guarded = (address: string) =>
      new GuardedTcpConnector({
        allowPrivate: false,
        resolve: (_hostname, _options, callback) => callback(null, [{ address, family: 4 }]),
      });

    // Catches: a guard in the look-up alone, which a literal address never passes.
    it.each([
      '127.0.0.1',
      '::1',
      '10.0.0.1',
      '169.254.169.254',
      '::ffff:127.0.0.1',
      '::7f00:1',
      '2002:7f00:1::1',
      'fe80::1%lo',
    ])('refuses the literal address %s', async (host) => {
      const error = await failure(guarded('127.0.0.1').connect({ host, port }, soon()));
      expect(error.kind).toBe('forbidden_address');
      expect(accepted).toEqual([]);
    });

    // Catches: a guard that knows usual spellings only. The system's resolver reads these as 127.0.0.1.
    it.each(['2130706433', '0x7f.1', '0177.0.0.1', '127.1', 'localhost'])(
      'refuses what the resolver of this machine makes of %s',
      async (host) => {
        const closed = new GuardedTcpConnector({ allowPrivate: false });
        const error = await failure(closed.connect({ host, port }, soon()));
        expect(error.kind).toBe('forbidden_address');
        expect(accepted).toEqual([]);
      },
    );

    it('does not reach this machine by a dot at the end, whatever the resolver says', async () => {
      const closed = new GuardedTcpConnector({ allowPrivate: false });
      for (const host of ['localhost.', '127.0.0.1.']) await failure(closed.connect({ host, port }, soon()));
      expect(accepted).toEqual([]);
    });

    // Catches: a connection without the guarded look-up.
    it('refuses a name that leads to a private address, at the moment of connecting', async () => {
      const error = await failure(guarded('127.0.0.1').connect({ host: 'smsc.example', port }, soon()));
      expect(error.kind).toBe('forbidden_address');
      expect(accepted).toEqual([]);
    });
  });
});
