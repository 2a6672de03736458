import { type FileHandle, open } from 'node:fs/promises';
import { once } from 'node:events';
import { CliError, UsageError } from '../cli-error';
import { applicationClient, type Client } from '../client/client.service';
import { say, tell } from '../terminal/terminal.service';
import type { ExportOptions } from './audit';
import { type AuditEvent, columns, csvRow, lastWhole } from './audit-words';
import { inOrder } from './audit-log.service';

const FILE_MODE = 0o600;
/** Many times the longest line. */
const TAIL_BYTES = 65_536;

/** Where events are written to. */
interface Sink {
  /** The event that is there already; null: none. */
  readonly last: string | null;
  readonly isNew: boolean;
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Oldest first, so that a file which broke off is a whole beginning, and `--resume` knows where to go on. */
export async function exportAudit(options: ExportOptions): Promise<void> {
  checkTogether(options);
  const client = await applicationClient(options);
  const sink = options.output === undefined ? standardOutput() : await fileSink(options.output, options);
  try {
    const events = await pour(client, options, sink);
    report(options, events);
  } finally {
    await sink.close();
  }
}

function checkTogether({ resume, output, json }: ExportOptions): void {
  if (output !== undefined) return;
  if (resume === true) throw new UsageError('--resume needs --output: the file to go on in');
  if (json === true)
    throw new UsageError('--json tells how an export to a file went: give --output, or leave it away');
}

async function pour(client: Client, options: ExportOptions, sink: Sink): Promise<number> {
  const { format, from, to } = options;
  let count = 0;
  if (format === 'csv' && sink.isNew) await sink.write(await csv([[...columns]]));
  for await (const events of inOrder(client, options, { from, to, after: sink.last ?? options.after })) {
    await sink.write(format === 'csv' ? await csv(events.map(csvRow)) : jsonLines(events));
    count += events.length;
  }
  return count;
}

function report({ json, output }: ExportOptions, events: number): void {
  if (json === true) say(JSON.stringify({ events, file: output }));
  else tell(`${events} events written${output === undefined ? '' : ` to ${output}`}.`);
}

function jsonLines(events: readonly AuditEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

/** Formulas are made harmless, because such a file is opened in a spreadsheet. */
async function csv(rows: readonly unknown[][]): Promise<string> {
  const { stringify } = await import('csv-stringify/sync');
  return stringify([...rows], { escape_formulas: true });
}

function standardOutput(): Sink {
  return {
    last: null,
    isNew: true,
    async write(text) {
      if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
    },
    close: async () => undefined,
  };
}

async function fileSink(path: string, { resume, format }: ExportOptions): Promise<Sink> {
  const file = await open(path, resume === true ? 'r+' : 'wx', FILE_MODE).catch((error: unknown) => {
    throw cannotOpen(path, error);
  });
  try {
    const place = resume === true ? await placeIn(file, path, format) : { last: null, end: 0 };
    let end = place.end;
    return {
      last: place.last,
      isNew: end === 0,
      async write(text) {
        const { bytesWritten } = await file.write(text, end);
        end += bytesWritten;
      },
      async close() {
        await file.sync();
        await file.close();
      },
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Half a line at the end is cut off. */
async function placeIn(
  file: FileHandle,
  path: string,
  format: ExportOptions['format'],
): Promise<{ last: string | null; end: number }> {
  const { size } = await file.stat();
  const start = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
  // Byte by byte: what was cut within a character has no other length.
  const whole = lastWhole(buffer.subarray(0, bytesRead).toString('latin1'), format);
  if (whole === null && size > 0)
    throw new CliError(
      `${path} does not end like an export in ${format}. Choose another file, or another --format.`,
    );
  const end = start + (whole?.length ?? 0);
  await file.truncate(end);
  return { last: whole?.id ?? null, end };
}

function cannotOpen(path: string, error: unknown): CliError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EEXIST')
    return new CliError(`${path} is there already. Go on in it with --resume, or choose another.`);
  return new CliError(`${path} cannot be written (${code ?? 'unknown error'}).`);
}
