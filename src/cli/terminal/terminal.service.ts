import { createInterface } from 'node:readline/promises';
import { CliError, UsageError } from '../cli-error';

/** More than any answer, code or connection string. */
const STDIN_LIMIT = 65_536;

export interface OutputOptions {
  /** For programs: JSON on the standard output, and nothing else there. */
  readonly json?: boolean;
}

/** The result of a command, for a person or for a program. */
export function show(options: OutputOptions, value: unknown, words: () => string): void {
  say(options.json === true ? JSON.stringify(value, null, 2) : words());
}

/** On the standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** On the standard error output: what is no result. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A reader that has seen enough (`| head`) closes the pipe: that is its good right, and no fault. */
export function endWhenUnread(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** The whole standard input, without white space around. Secrets come by it, as arguments are seen in `ps`. */
export async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > STDIN_LIMIT)
      throw new UsageError('The standard input is longer than anything that is expected.');
  }
  return text.trim();
}

/** Asks the person at the terminal; the question goes to the standard error output, so that a result may be piped. */
export async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(question)).trim();
  } catch {
    // Ctrl-C or Ctrl-D.
    throw new CliError('\nStopped at a question: nothing was done.');
  } finally {
    lines.close();
  }
}
