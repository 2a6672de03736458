import { EventEmitter } from 'node:events';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { ShutdownState } from './common/shutdown-state';
import { exitOnSignal, runUntilSignal } from './shutdown';

class FakeProcess extends EventEmitter {
  readonly codes: number[] = [];
  exit(code: number): void {
    this.codes.push(code);
  }
}

/** An application that is nothing but a server, its shutdown state, and hooks that take their time. */
function setup({ closing = () => Promise.resolve() }: { closing?: () => Promise<void> } = {}): {
  server: Server;
  state: ShutdownState;
  process: FakeProcess;
  start: () => void;
} {
  const state = new ShutdownState();
  const server = createServer();
  const process = new FakeProcess();
  const app = {
    get: () => state,
    getHttpServer: () => server,
    close: closing,
  } as unknown as NestFastifyApplication;
  return { server, state, process, start: () => runUntilSignal(app, pino({ enabled: false }), process) };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a signal', () => {
  it('ends an idle process with 0, after the hooks of the modules', async () => {
    const order: string[] = [];
    const { process, start, state } = setup({ closing: async () => void order.push('hooks') });
    start();
    process.emit('SIGTERM');
    expect(state.isStopping).toBe(true);
    await settle();
    expect(order).toEqual(['hooks']);
    expect(process.codes).toEqual([0]);
  });

  it('waits for running requests before the hooks (fails when requests are cut)', async () => {
    const order: string[] = [];
    const { process, start, state } = setup({ closing: async () => void order.push('hooks') });
    start();
    state.requestStarted();
    process.emit('SIGINT');
    await settle();
    expect(order).toEqual([]);
    state.requestEnded();
    await settle();
    expect(order).toEqual(['hooks']);
    expect(process.codes).toEqual([0]);
  });

  it('lets no new connection in', async () => {
    const { server, process, start } = setup();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    start();
    process.emit('SIGTERM');
    await settle();
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
      get({ port, host: '127.0.0.1' }).on('error', resolve);
    });
    expect(error.code).toBe('ECONNREFUSED');
  });

  describe('when something never ends', () => {
    beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate'] }));
    afterEach(() => jest.useRealTimers());

    it('a second signal ends the process at once, but not the echo of the first that npm sends', () => {
      const { process, start, state } = setup();
      start();
      state.requestStarted();
      process.emit('SIGINT');
      process.emit('SIGINT');
      expect(process.codes).toEqual([]);
      jest.advanceTimersByTime(301);
      process.emit('SIGINT');
      expect(process.codes).toEqual([130]);
    });

    it('cuts requests off after seven seconds, still runs the hooks, and exits with 1', async () => {
      let hooks = 0;
      const { process, start, state } = setup({
        closing: async () => {
          hooks++;
        },
      });
      start();
      state.requestStarted();
      process.emit('SIGTERM');
      await jest.advanceTimersByTimeAsync(7000);
      expect(hooks).toBe(1);
      expect(process.codes).toEqual([1]);
    });

    it('gives up on hooks within ten seconds, and exits with 1', async () => {
      const { process, start } = setup({ closing: () => new Promise(() => undefined) });
      start();
      process.emit('SIGTERM');
      await jest.advanceTimersByTimeAsync(9400);
      expect(process.codes).toEqual([]);
      await jest.advanceTimersByTimeAsync(100);
      expect(process.codes).toEqual([1]);
    });
  });
});

describe('a signal during the start', () => {
  it('ends the process at once, and no longer when the application runs', () => {
    const process = new FakeProcess();
    const started = exitOnSignal(process);
    process.emit('SIGTERM');
    process.emit('SIGINT');
    expect(process.codes).toEqual([143, 130]);
    started();
    process.emit('SIGTERM');
    expect(process.codes).toEqual([143, 130]);
  });
});

describe('an error that nobody caught', () => {
  it('ends the process with 1; a rejection that nobody waited for does not', () => {
    const { process, start } = setup();
    start();
    process.emit('unhandledRejection', new Error('stray'));
    expect(process.codes).toEqual([]);
    process.emit('uncaughtException', new Error('broken'));
    expect(process.codes).toEqual([1]);
  });

  it('is logged without what its message quotes', () => {
    const lines: string[] = [];
    const { process } = setup();
    const app = {} as NestFastifyApplication;
    runUntilSignal(app, pino({}, { write: (line) => lines.push(line) }), process);
    process.emit('uncaughtException', new Error('cannot send 483920 to +447700900123'));
    expect(lines.join()).toContain('uncaught exception');
    expect(lines.join()).not.toMatch(/483920|447700900123/);
  });
});
