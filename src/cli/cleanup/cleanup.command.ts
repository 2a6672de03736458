import { setTimeout as sleep } from 'node:timers/promises';
import { CleanupService } from '../../cleanup/cleanup.service';
import { createLogger } from '../../common/logging/logger';
import { exitOnSignal } from '../../shutdown';
import { openApplication, prepare } from '../../start';
import { CliError } from '../cli-error';
import { show, tell } from '../terminal/terminal.service';
import type { CleanupOptions } from './cleanup';
import { doneWords } from './cleanup-words';

const PAUSE_MS = 1_000;

/**
 * The application as the server has it, with the same leases, so that it is safe beside running instances; but it does
 * not listen, and its own scheduler is off whatever the settings say.
 */
export async function cleanup(options: CleanupOptions): Promise<void> {
  const started = exitOnSignal(process);
  const prepared = await prepare({ envFile: '.env' });
  const settings = { ...prepared.settings, scheduler: { isOn: false } };
  // Its log is not its result.
  const logger = createLogger(settings.server.logLevel, process.stderr);
  const app = await openApplication({ ...prepared, settings }, { logger, tell });
  try {
    await app.init();
    const due = await untilNothingIsDue(app.get(CleanupService, { strict: false }), options.wait * 1_000);
    if (options.json === true || due.length === 0) show(options, { due }, () => doneWords(due));
    if (due.length > 0) throw new CliError(doneWords(due));
  } finally {
    await app.close();
    started();
  }
}

async function untilNothingIsDue(service: CleanupService, waitMs: number): Promise<readonly string[]> {
  const end = performance.now() + waitMs;
  for (;;) {
    const due = await service.runOnce();
    if (due.length === 0 || performance.now() >= end) return due;
    await sleep(PAUSE_MS);
  }
}
