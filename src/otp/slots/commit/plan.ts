/** All commands of a batch on one slot, decided one after the other on its state. Pure. */
import type { Slot } from '../slot';
import { firstVersion, insertion, modification, type Change, type Guard, type Statement } from './statement';
import type { Answered, SlotTask } from './task';

/** One command in the queue, whoever waits for it. */
export interface Queued {
  readonly task: SlotTask<unknown>;
}

export interface Decided<Item extends Queued> {
  readonly item: Item;
  readonly answer: Answered<unknown>;
  readonly isEffective: boolean;
}

export interface SlotPlan<Item extends Queued> {
  readonly slotId: string;
  readonly decided: readonly Decided<Item>[];
  /** Those whose rule failed: a fault of ours, and of this command alone. */
  readonly failed: readonly { readonly item: Item; readonly error: unknown }[];
  /** Absent: nothing changes. */
  readonly change?: Change;
}

/**
 * @param state the slot as it was read or remembered; null: there is none
 * @param random 0–999
 */
export function planSlot<Item extends Queued>(
  slotId: string,
  items: readonly Item[],
  state: Slot | null,
  at: Moment,
): SlotPlan<Item> {
  const course: Course<Item> = { slot: state, guard: null, decided: [], failed: [] };
  for (const item of items) decideNext(course, item, state, at.now);
  const { slot, guard, decided, failed } = course;
  if (!slot || slot === state) return { slotId, decided, failed };
  try {
    return { slotId, decided, failed, change: changeOf(state, slot, guard, at) };
  } catch (error) {
    return { slotId, decided: [], failed: items.map((item) => ({ item, error })) };
  }
}

interface Moment {
  readonly now: Date;
  readonly random: number;
}

/** How far the commands of a slot have come. */
interface Course<Item extends Queued> {
  slot: Slot | null;
  guard: Guard | null;
  readonly decided: Decided<Item>[];
  readonly failed: { readonly item: Item; readonly error: unknown }[];
}

function decideNext<Item extends Queued>(
  course: Course<Item>,
  item: Item,
  state: Slot | null,
  now: Date,
): void {
  try {
    const { outcome, next, relies } = item.task.decide(course.slot, now);
    // Only what is stored can be guarded: a verification that this very batch starts has its whole life before it.
    if (next && relies && course.slot?.current.id === state?.current.id) course.guard = relies;
    course.slot = next ?? course.slot;
    const answer = { outcome, slot: course.slot, now };
    course.decided.push({ item, answer, isEffective: next !== undefined });
  } catch (error) {
    course.failed.push({ item, error });
  }
}

function changeOf(state: Slot | null, next: Slot, guard: Guard | null, { now, random }: Moment): Change {
  return state ? modification(state, next, guard, now) : insertion(next, firstVersion(now, random));
}

/** Every command changes the slot: what a memory proposes may be tried, since the write proves or refuses it. */
export function isWriteOnly<Item extends Queued>({ decided, failed }: SlotPlan<Item>): boolean {
  return failed.length === 0 && decided.every(({ isEffective }) => isEffective);
}

export const statementsOf = (plans: readonly { readonly change: Change }[]): Statement[] =>
  plans.map(({ change }) => change.statement);
