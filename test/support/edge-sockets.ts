import { edgeApp } from './edge-app';
import { RawSocket, ServerSockets } from './raw-socket';

/** The application behind the real edges, listening for a test file, and clients below HTTP. */
export interface EdgeSockets {
  readonly origin: string;
  readonly server: ServerSockets;
  readonly lines: () => string[];
  readonly open: (bytes?: string) => Promise<RawSocket>;
}

export function useEdgeSockets(): () => EdgeSockets {
  let edge: EdgeSockets;
  let close: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    const { app, lines } = await edgeApp();
    close = () => app.close();
    const server = new ServerSockets(app.getHttpServer());
    await app.listen(0, '127.0.0.1');
    const origin = await app.getUrl();
    edge = { origin, server, lines, open: (bytes) => RawSocket.open(origin, bytes) };
  });
  afterAll(() => close());
  return () => edge;
}
