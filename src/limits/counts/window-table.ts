/**
 * Sliding windows of very many keys, in as little memory as they need: a key that was counted once takes one cell of 16
 * bytes and one record of 12. A window is kept in tenths of its length, so what was counted in one tenth is one record,
 * and a hot key has at most eleven.
 *
 * Every tenth that overlaps the window counts whole: never more than a limit's `max` in any window, and the window is up
 * to a tenth too long. What lies ahead of `now` counts as well, so a clock that steps makes limits stricter only.
 */

/** Tenths of a window. */
const PARTS = 10;
/** No record. */
const NONE = 0;
/** Above this share of cells in use, searching gets slow. */
const MAX_LOAD = 0.7;
const FEWEST_CELLS = 1 << 10;
/** 67 MB of cells and as much of records: about 2.9 million keys at once. */
const MOST_CELLS = 1 << 22;
/** A full table is cleared of what has run out at most so often. */
const REBUILD_MS = 10_000;

/** What is counted: a key, over windows of a length. Two that share both share the count. */
export interface Cell {
  /** 48 bits of a keyed hash; never 0. Two keys that meet in it are counted together, which is stricter. */
  readonly key: number;
  readonly windowSeconds: number;
}

export class WindowTable {
  private keys = new Float64Array(0);
  private windows = new Uint32Array(0);
  private heads = new Uint32Array(0);
  /** Cells in use. */
  private used = 0;
  private rebuiltAt = -Infinity;

  /** Records by index, from 1: the tenth since the epoch, units in it, the next one of the same key. */
  private parts = new Uint32Array(FEWEST_CELLS);
  private units = new Uint32Array(FEWEST_CELLS);
  private nexts = new Uint32Array(FEWEST_CELLS);
  private recordsUsed = 1;
  private free = NONE;

  constructor(private readonly mostCells = MOST_CELLS) {
    this.clear();
  }

  clear(): void {
    this.makeCells(FEWEST_CELLS);
    this.recordsUsed = 1;
    this.free = NONE;
  }

  /** Keys that it holds, some of which may have run out. */
  get size(): number {
    return this.used;
  }

  get bytes(): number {
    const cells = this.keys.byteLength + this.windows.byteLength + this.heads.byteLength;
    return cells + this.parts.byteLength * 3;
  }

  /** There is no room for a new key, whatever ran out: whoever wants to count one must be refused. */
  isFull(now: number): boolean {
    if (this.keys.length < this.mostCells || this.used < MAX_LOAD * this.mostCells) return false;
    // Looking through all of them takes up to half a second.
    if (Math.abs(now - this.rebuiltAt) > REBUILD_MS) this.rebuild(now);
    return this.used >= MAX_LOAD * this.mostCells;
  }

  /**
   * @param at when it happened; milliseconds since the epoch, the database's
   * @param now for what has run out meanwhile
   * @returns false: there is no room, nothing was counted
   */
  add({ key, windowSeconds }: Cell, units: number, at: number, now: number): boolean {
    if (this.used >= MAX_LOAD * this.keys.length && !this.makeRoom(now)) return false;
    const cell = this.find(key, windowSeconds);
    if (this.keys[cell] === 0) this.put(key, windowSeconds, NONE);
    else this.prune(cell, now);
    const part = partOf(at, windowSeconds);
    const record = this.recordOf(cell, part) || this.addRecord(cell, part);
    this.units[record] = (this.units[record] ?? 0) + units;
    return true;
  }

  /**
   * Gives back what was counted then, or a moment before; what has run out, or was never counted, is left alone.
   * @param at known up to a tenth of the window
   */
  remove({ key, windowSeconds }: Cell, units: number, at: number): void {
    const cell = this.find(key, windowSeconds);
    const part = partOf(at, windowSeconds);
    for (const record of [this.recordOf(cell, part), this.recordOf(cell, part - 1)]) {
      const held = record === NONE ? 0 : (this.units[record] ?? 0);
      if (held === 0) continue;
      this.units[record] = Math.max(0, held - units);
      return;
    }
  }

  /** Forgets what was counted until then. */
  forget({ key, windowSeconds }: Cell, until: number): void {
    const last = partOf(until, windowSeconds);
    let record = this.headOf(key, windowSeconds);
    while (record !== NONE) {
      if ((this.parts[record] ?? 0) <= last) this.units[record] = 0;
      record = this.nexts[record] ?? NONE;
    }
  }

  /** Units in the window that ends now. */
  count({ key, windowSeconds }: Cell, now: number): number {
    const first = firstPart(now, windowSeconds);
    let sum = 0;
    for (let at = this.headOf(key, windowSeconds); at !== NONE; at = this.nexts[at] ?? NONE)
      if ((this.parts[at] ?? 0) >= first) sum += this.units[at] ?? 0;
    return sum;
  }

  /** When fewer than `max` will be in the window, if nothing is added; milliseconds since the epoch. */
  until({ key, windowSeconds }: Cell, max: number, now: number): number {
    const first = firstPart(now, windowSeconds);
    const live: (readonly [part: number, units: number])[] = [];
    for (let at = this.headOf(key, windowSeconds); at !== NONE; at = this.nexts[at] ?? NONE)
      if ((this.parts[at] ?? 0) >= first) live.push([this.parts[at] ?? 0, this.units[at] ?? 0]);
    live.sort(([a], [b]) => a - b);
    let left = live.reduce((sum, [, units]) => sum + units, 0);
    for (const [part, units] of live) {
      if (left < max) break;
      left -= units;
      if (left < max) return (part + 1) * partMs(windowSeconds) + windowSeconds * 1000;
    }
    return now;
  }

  private headOf(key: number, windowSeconds: number): number {
    return this.heads[this.find(key, windowSeconds)] ?? NONE;
  }

  /** The cell of a key, or the one where it would be put. There is always an empty one. */
  private find(key: number, windowSeconds: number): number {
    const mask = this.keys.length - 1;
    let cell = ((key % 0x1_0000_0000) + windowSeconds * 0x9e37) & mask;
    while (this.keys[cell] !== 0 && (this.keys[cell] !== key || this.windows[cell] !== windowSeconds))
      cell = (cell + 1) & mask;
    return cell;
  }

  private recordOf(cell: number, part: number): number {
    let record = this.heads[cell] ?? NONE;
    while (record !== NONE && this.parts[record] !== part) record = this.nexts[record] ?? NONE;
    return record;
  }

  private addRecord(cell: number, part: number): number {
    const record = this.takeRecord();
    this.parts[record] = part;
    this.units[record] = 0;
    this.nexts[record] = this.heads[cell] ?? NONE;
    this.heads[cell] = record;
    return record;
  }

  private takeRecord(): number {
    const { free } = this;
    if (free !== NONE) {
      this.free = this.nexts[free] ?? NONE;
      return free;
    }
    if (this.recordsUsed === this.parts.length) {
      this.parts = doubled(this.parts);
      this.units = doubled(this.units);
      this.nexts = doubled(this.nexts);
    }
    return this.recordsUsed++;
  }

  /** Frees the records of a cell that have run out, or were given back whole: they count nothing any more. */
  private prune(cell: number, now: number): void {
    const first = firstPart(now, this.windows[cell] ?? 0);
    let kept = NONE;
    let at = this.heads[cell] ?? NONE;
    while (at !== NONE) {
      const next = this.nexts[at] ?? NONE;
      const isOver = (this.parts[at] ?? 0) < first || this.units[at] === 0;
      this.nexts[at] = isOver ? this.free : kept;
      if (isOver) this.free = at;
      else kept = at;
      at = next;
    }
    this.heads[cell] = kept;
  }

  private makeRoom(now: number): boolean {
    if (this.isFull(now)) return false;
    this.rebuild(now);
    return this.used < MAX_LOAD * this.keys.length;
  }

  /** Into cells of the size that fits, without the keys that count nothing any more. */
  private rebuild(now: number): void {
    this.rebuiltAt = now;
    const { keys, windows, heads } = this;
    const live: number[] = [];
    keys.forEach((key, cell) => {
      if (key !== 0) this.prune(cell, now);
      if (heads[cell] !== NONE) live.push(cell);
    });
    this.makeCells(this.cellsFor(live.length));
    for (const cell of live) this.put(keys[cell] ?? 0, windows[cell] ?? 0, heads[cell] ?? NONE);
  }

  private put(key: number, windowSeconds: number, head: number): void {
    const cell = this.find(key, windowSeconds);
    this.keys[cell] = key;
    this.windows[cell] = windowSeconds;
    this.heads[cell] = head;
    this.used += 1;
  }

  /** At most half of them in use, so that the next rebuild is far away. */
  private cellsFor(live: number): number {
    let cells = FEWEST_CELLS;
    while (cells < live * 2 && cells < this.mostCells) cells *= 2;
    return Math.min(cells, this.mostCells);
  }

  private makeCells(cells: number): void {
    this.keys = new Float64Array(cells);
    this.windows = new Uint32Array(cells);
    this.heads = new Uint32Array(cells);
    this.used = 0;
  }
}

const partMs = (windowSeconds: number): number => (windowSeconds * 1000) / PARTS;
const partOf = (at: number, windowSeconds: number): number => Math.floor(at / partMs(windowSeconds));

/** The oldest tenth that still overlaps the window (now − length, now]. */
const firstPart = (now: number, windowSeconds: number): number => partOf(now, windowSeconds) - PARTS;

function doubled(old: Uint32Array): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(old.length * 2);
  grown.set(old);
  return grown;
}
