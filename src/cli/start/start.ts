import type { Command } from 'commander';
import { withExamples } from '../declare';

/** It shows no result, so it has no `--json`: its log is JSON already. */
export function declareStart(program: Command): void {
  const start = program
    .command('start')
    .description(
      'Start the server, as `npm start` does in a clone: settings from the environment and `.env`.',
    );
  withExamples(start, 'sixdigit start').action(async () => (await import('./start.command.js')).start());
}
