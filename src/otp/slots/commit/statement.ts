/**
 * A change of a slot as one statement of the `update` command: its filter says which version it is decided on, and it
 * sets only the paths that differ. Values of clients stay values: every key here is one of ours.
 */
import { dueAt } from '../rules/upkeep/due';
import type { Slot } from '../slot';

/** A limit further away than this needs no second opinion: no command takes so long. */
const CLOSE_MS = 15_000;

export type Guard = 'alive' | 'lapsed';

export interface Statement {
  readonly q: Readonly<Record<string, unknown>>;
  readonly u: Readonly<Record<string, unknown>>;
  readonly upsert?: true;
}

/** What is written, and the slot as it then is. */
export interface Change {
  readonly statement: Statement;
  readonly written: Slot;
}

/**
 * Where versions of a new slot start. Never at 1: a slot that was deleted and made again must not match a version
 * that some process remembers.
 * @param random 0–999
 */
export function firstVersion(now: Date, random: number): number {
  return now.getTime() * 1000 + random;
}

/** @param v of the slot once it is there; never 0, which is what the filter asks for and nobody has */
export function insertion(next: Slot, v: number): Change {
  const written = scheduled(next, v);
  return { statement: { q: { _id: next._id, v: 0 }, u: { ...written }, upsert: true }, written };
}

/** @param guard what the decision takes for granted about the life of `old.current` */
export function modification(old: Slot, next: Slot, guard: Guard | null, now: Date): Change {
  const written = scheduled(next, old.v + 1);
  const changes = difference(old, written);
  return { statement: { q: { ...filterOf(old, guard, now) }, u: changes }, written };
}

/** `dueAt` is a function of everything else, so only the writer sets it. */
function scheduled(slot: Slot, v: number): Slot {
  const due = dueAt(slot);
  if (due) return { ...slot, v, dueAt: due };
  const { dueAt: _, ...rest } = slot;
  return { ...rest, v };
}

/** The life is judged by the database's clock when the command starts: this process's may be off by a little. */
function filterOf({ _id, v, current }: Slot, guard: Guard | null, now: Date): Record<string, unknown> {
  const isClose = Math.abs(current.expiresAt.getTime() - now.getTime()) < CLOSE_MS;
  if (!guard || !isClose) return { _id, v };
  const compare = guard === 'alive' ? '$lt' : '$gte';
  return { _id, v, $expr: { [compare]: ['$$NOW', '$current.expiresAt'] } };
}

function difference(old: Slot, next: Slot): Record<string, unknown> {
  const paths: Paths = { set: {}, unset: {}, nothingGoes: true };
  // One path inside it at a time, unless another verification takes its place.
  const isSame = old.current.id === next.current.id;
  collect(paths, '', old, next);
  if (isSame) {
    delete paths.set['current'];
    collect(paths, 'current.', old.current, next.current);
  }
  return paths.nothingGoes ? { $set: paths.set } : { $set: paths.set, $unset: paths.unset };
}

interface Paths {
  readonly set: Record<string, unknown>;
  readonly unset: Record<string, ''>;
  nothingGoes: boolean;
}

/** Unchanged parts keep their identity, so that a comparison of references finds all that differs. */
function collect(paths: Paths, prefix: string, old: object, next: object): void {
  const [before, after] = [old, next] as [Record<string, unknown>, Record<string, unknown>];
  for (const key in after) {
    if (!isEqual(before[key], after[key])) paths.set[prefix + key] = after[key];
  }
  for (const key in before) {
    if (key in after) continue;
    paths.unset[prefix + key] = '';
    paths.nothingGoes = false;
  }
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || (a instanceof Date && b instanceof Date && a.getTime() === b.getTime());
}
