import { printable } from '../terminal/table';
import type { ExportOptions } from './audit';

export interface AuditEvent {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly verificationId: string | null;
  readonly seq: number | null;
  readonly actor: string;
  readonly purpose: string | null;
  readonly to: string | null;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditPage {
  readonly data: readonly AuditEvent[];
  readonly nextCursor: string | null;
}

/** For a person: one line. */
export function eventLine({ at, type, verificationId, actor, to, data }: AuditEvent): string {
  const facts = Object.entries(data).map(([name, value]) => `${name}=${String(value)}`);
  return printable([at, type.padEnd(14), verificationId ?? '–', to ?? '–', actor, ...facts].join('  '));
}

/** Columns of the CSV, in this order for good: the first is what an export goes on after. */
export const columns = [
  'id',
  'at',
  'type',
  'verificationId',
  'seq',
  'actor',
  'purpose',
  'to',
  'data',
] as const satisfies readonly (keyof AuditEvent)[];

export function csvRow(event: AuditEvent): (string | number | null)[] {
  return columns.map((column) => (column === 'data' ? JSON.stringify(event.data) : event[column]));
}

/**
 * Where an unfinished export stopped: the id on its last whole line, and how much of the file is whole. Null: nothing
 * of it is.
 * @param text the end of the file
 */
export function lastWhole(
  text: string,
  format: ExportOptions['format'],
): { id: string | null; length: number } | null {
  const end = text.lastIndexOf('\n');
  if (end < 0) return null;
  const start = text.lastIndexOf('\n', end - 1) + 1;
  const id = idOf(text.slice(start, end), format);
  return id === undefined ? null : { id, length: end + 1 };
}

/** Null on the line with the headings; undefined when this is no line of an export. */
function idOf(line: string, format: ExportOptions['format']): string | null | undefined {
  if (format === 'csv') {
    // A spreadsheet-safe id may have an apostrophe before it.
    const id = /^"?'?([\w.-]+)"?,/.exec(line)?.[1];
    return id === 'id' ? null : id;
  }
  try {
    const { id } = JSON.parse(line) as { id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
