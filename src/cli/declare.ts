import { type Command, InvalidArgumentError } from 'commander';

const examples = new WeakMap<Command, readonly string[]>();

/** Declares a command: what it does, and how it is typed. Every one has `--json` and an example in its help. */
export function declare(
  parent: Command,
  usage: string,
  description: string,
  ...example: readonly string[]
): Command {
  const command = parent
    .command(usage)
    .description(description)
    .option('--json', 'answer in JSON on the standard output, and with nothing else there');
  return withExamples(command, ...example);
}

export function withExamples(command: Command, ...example: readonly string[]): Command {
  examples.set(command, example);
  return command.addHelpText('after', `\nExample:\n${example.map((line) => `  $ ${line}`).join('\n')}`);
}

/** As the documentation shows them. */
export function examplesOf(command: Command): readonly string[] {
  return examples.get(command) ?? [];
}

/** A command that is nothing without one of its own. */
export function group(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description);
}

/** For a command that calls the API of a running server. */
export function callsServer(command: Command): Command {
  return command
    .option('--url <address>', 'where the server is (default: PUBLIC_URL, or else HOST and PORT)')
    .option('--insecure', 'send the key over plain HTTP, also to another machine')
    .option('--timeout <seconds>', 'how long a call may take', wholeNumber(1, 600), 30);
}

/** A value that is a whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** `ES,PT` → `['ES', 'PT']` */
export function list(text: string): string[] {
  const values = text.split(',').map((value) => value.trim());
  if (values.every((value) => value !== '')) return values;
  throw new InvalidArgumentError('It must be values divided by commas.');
}

/** A time with zone, as the API wants it. */
export function instant(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2}))?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isFinite(time)) return new Date(time).toISOString();
  throw new InvalidArgumentError(
    'It must be a day or a time with zone, e.g. 2026-01-31 or 2026-01-31T12:00:00Z.',
  );
}
