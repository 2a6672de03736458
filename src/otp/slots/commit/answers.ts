/** From what is known of a write to what its commands are answered. */
import { randomInt } from 'node:crypto';
import { unavailable } from '../../../common/errors';
import { remembered } from '../rules/effect';
import type { Slot } from '../slot';
import { planSlot, type Decided, type SlotPlan } from './plan';
import type { Waiting } from './queue';
import type { Answered } from './task';

/** What it means that a command is not in its slot. `lost`: it lost a race. `unknown`: its write may still land. */
export type Absent = 'lost' | 'unknown';

export function answer({ decided }: SlotPlan<Waiting>): void {
  for (const { item, answer: told } of decided) item.resolve(told);
}

/**
 * What a slot as it was read has to say to one of the commands whose write is in doubt; null: nothing yet. Each is
 * decided on what is stored, not on what the others of its statement would make of it: that is written nowhere.
 */
export function answerBy(
  slot: Slot | null,
  before: Decided<Waiting>,
  now: Date,
  absent: Absent,
): Answered<unknown> | null {
  const { item, isEffective } = before;
  const [again] = planSlot(item.task.slotId, [item], slot, { now, random: randomInt(1000) }).decided;
  if (!again || again.isEffective) return null;
  return absent === 'lost' || !isEffective || isThere(again, slot) ? again.answer : null;
}

/** Its operation is remembered; what the slot does not remember is idempotent by the state, which speaks for it. */
function isThere({ item: { task } }: Decided<Waiting>, slot: Slot | null): boolean {
  return task.op === undefined || (slot !== null && remembered(slot, task.op) !== undefined);
}

export function rejectAll(plans: readonly SlotPlan<Waiting>[], error: unknown): void {
  for (const { decided } of plans) for (const { item } of decided) item.reject(error);
}

/** After an indeterminate write a missing operation proves nothing: it may still land. */
export const unknownOutcome = () =>
  unavailable('The outcome is not known yet. Repeat with the same Idempotency-Key.');

/** The caller hears that it was refused, not the server's words: they may quote the values. */
export function refusal(error: unknown): Error {
  const code = (error as { code?: unknown } | null)?.code;
  return new Error(`the database refused the operation (code ${typeof code === 'number' ? code : 'none'})`);
}
