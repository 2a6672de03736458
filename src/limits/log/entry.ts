/**
 * One entry of the log as it is stored: what one process adds in one write. Fixed widths, because every process reads
 * every entry: version, the window lengths that occur, then the records.
 */

export const recordKinds = ['charge', 'refund', 'clear', 'send', 'unsend', 'conversion'] as const;
/**
 * - `charge`, `refund`: units of named limits; a refund names the moment of its charge.
 * - `clear`: all that was counted for these keys until then.
 * - `send`, `unsend`, `conversion`: what the pumping guard learns from.
 */
export type RecordKind = (typeof recordKinds)[number];

export interface LogRecord {
  readonly kind: RecordKind;
  /** Milliseconds since the epoch, the database's. */
  readonly at: number;
  /** 48-bit fingerprints, at most 255. */
  readonly keys: readonly number[];
  /** Seconds, one for each key; empty where the kind has no windows. */
  readonly windows: readonly number[];
}

const VERSION = 1;
const KEY_BYTES = 6;
const HEAD_BYTES = 2;
const RECORD_BYTES = 3 + KEY_BYTES;
const WINDOW_BYTES = 4;
const DAY_MS = 86_400_000;

export function encodeEntry(records: readonly LogRecord[]): Buffer {
  const windows = [...new Set(records.flatMap((record) => record.windows))];
  const positions = new Map(windows.map((window, position) => [window, position]));
  const size = records.reduce(
    (sum, { keys, windows: own }) => sum + RECORD_BYTES + keys.length * widthOf(own),
    0,
  );
  const bytes = Buffer.alloc(HEAD_BYTES + windows.length * WINDOW_BYTES + size);
  bytes.writeUInt8(VERSION, 0);
  let at = bytes.writeUInt8(windows.length, 1);
  for (const window of windows) at = bytes.writeUInt32BE(window, at);
  for (const record of records) {
    at = bytes.writeUInt8(recordKinds.indexOf(record.kind), at);
    at = bytes.writeUIntBE(record.at, at, KEY_BYTES);
    at = bytes.writeUInt8(record.keys.length, at);
    at = bytes.writeUInt8(record.windows.length > 0 ? 1 : 0, at);
    record.keys.forEach((key, index) => {
      at = bytes.writeUIntBE(key, at, KEY_BYTES);
      const window = record.windows[index];
      if (window !== undefined) at = bytes.writeUInt8(positions.get(window) ?? 0, at);
    });
  }
  return bytes;
}

/** @throws RangeError for what is cut, Error for a version or kind that this build does not know */
export function decodeEntry(bytes: Buffer): LogRecord[] {
  const version = bytes.readUInt8(0);
  if (version !== VERSION) throw new Error(`limit log: unknown version ${version}`);
  const count = bytes.readUInt8(1);
  const lengths = Array.from({ length: count }, (_, index) =>
    bytes.readUInt32BE(HEAD_BYTES + index * WINDOW_BYTES),
  );
  const records: LogRecord[] = [];
  for (let at = HEAD_BYTES + count * WINDOW_BYTES; at < bytes.length;) {
    const read = decodeRecord(bytes, at, lengths);
    records.push(read.record);
    at = read.end;
  }
  return records;
}

function decodeRecord(
  bytes: Buffer,
  start: number,
  lengths: readonly number[],
): { record: LogRecord; end: number } {
  const kind = recordKinds[bytes.readUInt8(start)];
  if (kind === undefined) throw new Error('limit log: unknown kind of record');
  const count = bytes.readUInt8(start + 1 + KEY_BYTES);
  const hasWindows = bytes.readUInt8(start + 2 + KEY_BYTES) === 1;
  const keys: number[] = [];
  const windows: number[] = [];
  let at = start + RECORD_BYTES;
  for (let n = 0; n < count; n++) {
    keys.push(bytes.readUIntBE(at, KEY_BYTES));
    at += KEY_BYTES;
    if (hasWindows) windows.push(lengths[bytes.readUInt8(at++)] ?? 0);
  }
  return { record: { kind, at: bytes.readUIntBE(start + 1, KEY_BYTES), keys, windows }, end: at };
}

const widthOf = (windows: readonly number[]): number => (windows.length > 0 ? KEY_BYTES + 1 : KEY_BYTES);

/**
 * When it counts no more, milliseconds since the epoch: a window counts up to a tenth longer than it is, and another tenth
 * leaves room for clocks; without windows a record is of use for a day.
 */
export function endOf({ at, windows }: LogRecord): number {
  const longest = Math.max(0, ...windows) * 1_000;
  return at + (longest > 0 ? longest * 1.2 : DAY_MS);
}
