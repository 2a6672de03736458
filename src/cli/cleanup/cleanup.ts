import type { Command } from 'commander';
import { declare, wholeNumber } from '../declare';

export interface CleanupOptions {
  readonly json?: boolean;
  readonly once?: boolean;
  readonly wait: number;
}

export function declareCleanup(program: Command): void {
  declare(
    program,
    'cleanup',
    'Do scheduled work until nothing is due, then end: for a cron, with SCHEDULER=off on the servers. It needs the ' +
      'settings of the server and its database, and listens nowhere.',
    'sixdigit cleanup --once',
  )
    .requiredOption('--once', 'do what is due and end; there is no other way')
    .option(
      '--wait <seconds>',
      'how long to wait for work that another instance has',
      wholeNumber(0, 3_600),
      30,
    )
    .action(async (options: CleanupOptions) => (await import('./cleanup.command.js')).cleanup(options));
}
