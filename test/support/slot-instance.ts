/**
 * One instance of the app as far as slots are concerned: its own group commit and memory, on the real database. A test
 * may script what becomes of its next writes, e.g. keep an answer from it.
 */
import type { mongo } from 'mongoose';
import { newId } from '../../src/common/ids';
import type { SlotStore } from '../../src/otp/slots/commit/batch-commit';
import { GroupCommit } from '../../src/otp/slots/commit/group-commit';
import type { Statement } from '../../src/otp/slots/commit/statement';
import type { SlotTask } from '../../src/otp/slots/commit/task';
import { cancel, type CancelOutcome } from '../../src/otp/slots/rules/cancel';
import { check, type CheckCommand, type CheckOutcome } from '../../src/otp/slots/rules/check';
import { create, type CreateCommand, type CreateOutcome } from '../../src/otp/slots/rules/create';
import type { Decision } from '../../src/otp/slots/rules/decision';
import { result, type ResultOutcome } from '../../src/otp/slots/rules/delivery/result';
import { resend, type ResendOutcome } from '../../src/otp/slots/rules/resend';
import { unlock, type UnlockOutcome } from '../../src/otp/slots/rules/unlock';
import type { Slot } from '../../src/otp/slots/slot';
import { SlotRepository, type SlotsRead, type WriteReport } from '../../src/otp/slots/slot.repository';
import { SLOTS } from '../../src/otp/slots/slot.schema';
import { aCall, aCreate, anAcceptance, aResend, keyOf } from '../builders/slot-commands.builder';

export type Write = (statements: readonly Statement[], ordered?: boolean) => Promise<WriteReport>;
/** What becomes of one write; `write` is the real one. */
export type Script = (statements: readonly Statement[], write: Write) => Promise<WriteReport>;

export const passOn: Script = (statements, write) => write(statements);

/** The repository, with a record of what it was asked and room for trouble. */
class WatchedStore implements SlotStore {
  readonly reads: (readonly string[])[] = [];
  readonly writes: (readonly Statement[])[] = [];
  /** For the next writes, in this order; the others go through. */
  readonly scripts: Script[] = [];
  /** For every write that has no script of its own. */
  always: Script = passOn;

  /** What the next read throws. */
  readFailure: Error | null = null;

  constructor(readonly repository: SlotRepository) {}

  async read(slotIds: readonly string[]): Promise<SlotsRead> {
    this.reads.push(slotIds);
    const failure = this.readFailure;
    this.readFailure = null;
    if (failure) throw failure;
    return this.repository.read(slotIds);
  }

  write(statements: readonly Statement[], ordered?: boolean): Promise<WriteReport> {
    this.writes.push(statements);
    const script = this.scripts.shift() ?? this.always;
    return script(statements, (some) => this.repository.write(some, ordered));
  }

  now(): Promise<Date> {
    return this.repository.now();
  }
}

type Rule<Command, Outcome> = (slot: Slot | null, command: Command, now: Date) => Decision<Outcome>;

export class SlotInstance {
  readonly store: WatchedStore;
  readonly commit: GroupCommit;
  /** Added to its monotonic clock: with it goes its idea of the database's time. */
  skewMs = 0;

  constructor(db: mongo.Db) {
    this.store = new WatchedStore(new SlotRepository(db));
    this.commit = new GroupCommit(this.store, { monotonic: () => performance.now() + this.skewMs });
  }

  create(command: CreateCommand): Promise<CreateOutcome> {
    return this.run(create, command.slot._id, command, { op: command.op });
  }

  check(slotId: string, command: CheckCommand): Promise<CheckOutcome> {
    return this.run(check, slotId, command, { op: command.op });
  }

  resend(slotId: string, verificationId: string, op = newId()): Promise<ResendOutcome> {
    return this.run(resend, slotId, aResend(verificationId, op), { op });
  }

  cancel(slotId: string, verificationId: string, op = newId()): Promise<CancelOutcome> {
    return this.run(cancel, slotId, { ...aCall({ op }), verificationId }, { op });
  }

  unlock(slotId: string, op = newId()): Promise<UnlockOutcome> {
    return this.run(unlock, slotId, { ...aCall({ op }), key: keyOf(slotId) }, { op });
  }

  /** What the gateway said of the first message; nobody waits for it. */
  accepted(command: CreateCommand): Promise<ResultOutcome> {
    return this.run(result, command.slot._id, anAcceptance(command), { ridesAlong: true });
  }

  /** All of it in one batch, behind an operation that is under way. @param script what becomes of its first write */
  async together<T>(
    work: readonly (() => Promise<T>)[],
    script: Script = passOn,
  ): Promise<PromiseSettledResult<T>[]> {
    await this.commit.idle();
    this.store.scripts.push(passOn, script);
    const ahead = this.create(aCreate());
    const answers = await Promise.allSettled(work.map((one) => one()));
    await ahead;
    return answers;
  }

  /** Any rule. */
  async run<Command, Outcome>(
    rule: Rule<Command, Outcome>,
    slotId: string,
    command: Command,
    options: Pick<SlotTask<Outcome>, 'mayBegin' | 'op' | 'rider' | 'ridesAlong'> = {},
  ): Promise<Outcome> {
    const decide: SlotTask<Outcome>['decide'] = (slot, now) => rule(slot, command, now);
    return (await this.commit.submit({ slotId, decide, ...options })).outcome;
  }
}

/** How many writes had a statement about that slot. */
export function writesOf({ store }: SlotInstance, slotId: string): number {
  return store.writes.filter((statements) => statements.some(({ q }) => q['_id'] === slotId)).length;
}

/** The slot as it is in the database, read by somebody else than the engine. */
export async function storedSlot(db: mongo.Db, slotId: string): Promise<Slot> {
  const slot = await db.collection<Slot>(SLOTS).findOne({ _id: slotId }, { promoteBuffers: true });
  if (!slot) throw new Error(`no slot ${slotId}`);
  return slot;
}

/** What the TTL index does, and erasure. */
export async function deleteSlot(db: mongo.Db, slotId: string): Promise<void> {
  await db.collection<{ _id: string }>(SLOTS).deleteOne({ _id: slotId });
}
