import { type Command, Option } from 'commander';
import type { ServerOptions } from '../client/client.service';
import { callsServer, declare, group, instant, wholeNumber } from '../declare';

/** Which events. */
export interface AuditFilter extends ServerOptions {
  readonly type?: string;
  readonly verification?: string;
}

export interface TailOptions extends AuditFilter {
  readonly json?: boolean;
  readonly after?: string;
  readonly lines: number;
  readonly interval: number;
}

export interface ExportOptions extends AuditFilter {
  readonly json?: boolean;
  readonly format: 'jsonl' | 'csv';
  readonly from?: string;
  readonly to?: string;
  readonly after?: string;
  readonly output?: string;
  readonly resume?: boolean;
}

export function declareAudit(program: Command): void {
  const audit = group(
    program,
    'audit',
    'The audit log of an application; its key needs the scope audit:read.',
  );
  const tail = declare(
    audit,
    'tail',
    'Show the last events, then each new one as it comes (about three seconds late), until it is stopped. With ' +
      '--json each event is one line.',
    'sixdigit audit tail --json >> events.jsonl',
    'sixdigit audit tail --after 3q2-7wAAAAAAAAAAAAAAAA.000004',
  );
  filtered(tail)
    .option('--after <event>', 'begin with what came after this event: none is missing, none comes twice')
    .option('--lines <number>', 'how many of the last events come first', wholeNumber(0, 100), 10)
    .option('--interval <seconds>', 'how often to ask', wholeNumber(1, 600), 2)
    .action(async (options: TailOptions) => (await import('./audit-tail.command.js')).tail(options));
  const exported = declare(
    audit,
    'export',
    'Write events as they came, the oldest first, to the standard output or a new file of mode 0600.',
    'sixdigit audit export --from 2026-01-01 --to 2026-02-01 --output january.jsonl',
    'sixdigit audit export --format csv --output all.csv --resume',
  );
  filtered(exported)
    .addOption(
      new Option('--format <format>', 'one JSON object a line, or CSV that is safe to open in a spreadsheet')
        .choices(['jsonl', 'csv'])
        .default('jsonl'),
    )
    .option('--from <time>', 'events from this time on', instant)
    .option('--to <time>', 'events before this time', instant)
    .option('--after <event>', 'only what the log took in after this event')
    .option('--output <file>', 'a file that is not there yet')
    .option('--resume', 'go on in the file where an export stopped')
    .action(async (options: ExportOptions) =>
      (await import('./audit-export.command.js')).exportAudit(options),
    );
}

function filtered(command: Command): Command {
  return callsServer(command)
    .option('--type <type>', 'only events of this type, e.g. approved')
    .option('--verification <id>', 'only events of this verification');
}
