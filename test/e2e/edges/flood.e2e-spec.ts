import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppProcess } from '../../support/app-process';
import { testServerUri } from '../../support/mongo';

const DESCRIPTORS = 1024;
const SLOW = 1_200;

const headers = 'Host: x\r\nContent-Type: application/json\r\n';
/** What a slow client has sent when it falls silent. */
const beginnings = [
  '',
  'POST /v1/verifications HTTP/1.1\r\nHost: x\r\nX-Mo',
  `POST /v1/verifications HTTP/1.1\r\n${headers}Content-Length: 99\r\n\r\n{"to":`,
  'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n',
];

/** Sockets that are opened again as soon as the server has closed them, and that take no answer. */
class Flood {
  opened = 0;
  private isOver = false;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly url: string) {}

  async rise(): Promise<void> {
    for (let i = 0; i < SLOW; i++) {
      this.open(i);
      if (i % 50 === 49) await sleep(10);
    }
  }

  end(): void {
    this.isOver = true;
    for (const socket of this.sockets) socket.destroy();
  }

  private open(kind: number): void {
    if (this.isOver) return;
    this.opened += 1;
    const { hostname, port } = new URL(this.url);
    const socket = connect(Number(port), hostname, () => {
      socket.write(beginnings[kind % beginnings.length] ?? '');
      socket.pause();
    });
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.sockets.delete(socket);
      setTimeout(() => this.open(kind), 1_000).unref();
    });
  }
}

/**
 * Catches: no bound on connections (with these descriptors, 995 slow sockets left none: probes and creates failed for
 * half a minute), a bound that refuses newcomers, and an open file for each reader of the documentation.
 */
describe('a flood of slow sockets', () => {
  let app: AppProcess;
  let flood: Flood;
  beforeAll(async () => {
    app = await AppProcess.start({
      descriptors: DESCRIPTORS,
      env: { MONGODB_URI: testServerUri('flood'), LOG_LEVEL: 'warn' },
    });
    flood = new Flood(app.url);
  }, 60_000);
  afterAll(async () => {
    flood.end();
    await app.stop();
  });

  const statusOf = async (call: Promise<Response>): Promise<number> => {
    const response = await call;
    await response.text();
    return response.status;
  };

  it('stands in the way of no probe and no create, and leaves descriptors over', async () => {
    await flood.rise();
    expect(flood.opened).toBeGreaterThan(DESCRIPTORS);
    const statuses = { live: new Set<number>(), ready: new Set<number>(), create: new Set<number>() };
    let most = 0;
    for (let round = 0; round < 30; round++) {
      // A new connection each time: an idle one may be closed in the moment in which it is used.
      const close = { connection: 'close' };
      const to = `+34${600_100_000 + round}`;
      const [live, ready, create] = await Promise.all([
        statusOf(app.call('GET', '/health/live', undefined, close)),
        statusOf(app.call('GET', '/health/ready', undefined, close)),
        statusOf(app.call('POST', '/v1/verifications', { to }, close)),
      ]);
      statuses.live.add(live);
      statuses.ready.add(ready);
      statuses.create.add(create);
      most = Math.max(most, (await readdir(`/proc/${app.pid}/fd`).catch(() => [])).length);
      await sleep(100);
    }
    expect(statuses).toEqual({ live: new Set([200]), ready: new Set([200]), create: new Set([201]) });
    // With descriptors left a newcomer is let in at once; without, it waits until a slow one is given up.
    expect(most).toBeLessThan(DESCRIPTORS - 300);
    expect(app.stdout).toContain('all connections taken');
    // Said once a minute, not once a socket.
    expect(app.stdout.match(/all connections taken/g)!.length).toBeLessThan(3);
  });
});
