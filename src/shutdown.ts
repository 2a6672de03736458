import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { ShutdownState } from './common/shutdown-state';
import { logSafeError } from './common/logging/log-safe-error';

/**
 * Running requests, then running texts (`SHUTDOWN_MS` of the deliveries), then the release of what is left: each
 * has its share, or the last would get none.
 */
const REQUESTS_MS = 4_000;
const TOTAL_MS = 9_500;

/** `npm start` hands on the SIGINT that the terminal has already sent to the whole group: one Ctrl-C, two signals. */
const SAME_SIGNAL_MS = 300;

const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;
type StopSignal = keyof typeof signalNumbers;

/** What is needed of a process; tests hand in their own. */
export interface ProcessHandle {
  on(event: string, listener: (value: unknown) => void): unknown;
  off(event: string, listener: (value: unknown) => void): unknown;
  exit(code: number): void;
}

/**
 * Until there is something to end in good order, a signal ends the process at once: nothing was acknowledged yet.
 * The system would do so by itself, but for two things: as the first process of a container it would ignore the
 * signal, and an embedded mongod would stay behind, since only `exit` stops it.
 *
 * @returns ends this, to be called when the application runs
 */
export function exitOnSignal(process: ProcessHandle): () => void {
  const stops = Object.entries(signalNumbers).map(([signal, number]) => ({
    signal,
    stop: () => process.exit(128 + number),
  }));
  for (const { signal, stop } of stops) process.on(signal, stop);
  return () => {
    for (const { signal, stop } of stops) process.off(signal, stop);
  };
}

/**
 * Ends the process in good order on SIGTERM and SIGINT: not ready any more, no new connections, running
 * requests finished, then the modules' hooks, then exit 0; within 10 s in any case (exit 1 when that cut
 * something off). A second signal, unless it is an echo of the first, ends it at once.
 *
 * An uncaught exception leaves the process in an unknown state: it is logged and the process ends with 1;
 * nothing is lost, because every state is in MongoDB. An unhandled rejection concerns one promise that nobody
 * waited for: it is logged and the server goes on.
 */
export function runUntilSignal(app: NestFastifyApplication, logger: Logger, process: ProcessHandle): void {
  let stoppingSince: number | null = null;
  const stop = (signal: StopSignal): void => {
    if (stoppingSince !== null) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(128 + signalNumbers[signal]);
      return;
    }
    stoppingSince = performance.now();
    logger.info({ signal }, 'shutting down');
    void shutDown(app, logger).then((inOrder) => process.exit(inOrder ? 0 : 1));
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('uncaughtException', (error) => {
    logger.fatal({ error: logSafeError(error) }, 'uncaught exception');
    process.exit(1);
  });
  process.on('unhandledRejection', (error) => {
    logger.error({ error: logSafeError(error) }, 'unhandled rejection');
  });
}

/** Resolves with false when the time was up before everything had ended. */
async function shutDown(app: NestFastifyApplication, logger: Logger): Promise<boolean> {
  const timeUp = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), TOTAL_MS).unref());
  const inOrder = await Promise.race([endInOrder(app, logger), timeUp]);
  logger.info({ inOrder }, 'stopped');
  return inOrder;
}

async function endInOrder(app: NestFastifyApplication, logger: Logger): Promise<boolean> {
  try {
    const finished = await finishRequests(app);
    await app.close();
    return finished;
  } catch (error) {
    logger.error({ error: logSafeError(error) }, 'shutdown failed');
    return false;
  }
}

async function finishRequests(app: NestFastifyApplication): Promise<boolean> {
  const state = app.get(ShutdownState);
  state.begin();
  const server = app.getHttpServer();
  // Node closes the idle connections with it; new ones are refused by the system from here on.
  server.close();
  const finished = await state.idle(REQUESTS_MS);
  server.closeAllConnections();
  return finished;
}
