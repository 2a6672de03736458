import type { Command } from 'commander';
import type { ServerOptions } from '../client/client.service';
import { callsServer, declare, group } from '../declare';

export interface ImportOptions extends ServerOptions {
  readonly json?: boolean;
  readonly replace?: boolean;
}

export function declarePrices(program: Command): void {
  const prices = group(program, 'prices', 'The price book.');
  const imported = declare(
    prices,
    'import <file>',
    'Import prices from CSV, all or none; - reads the standard input.',
    'sixdigit prices import prices.csv --replace',
  );
  callsServer(imported)
    .option('--replace', 'drop the prices that were imported before')
    .action(async (file: string, options: ImportOptions) =>
      (await import('./prices.command.js')).importPrices(file, options),
    );
}
