import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../../access/principal';
import { Clock } from '../../common/clock';
import type { Rider } from '../../common/mongo/ride';
import { GroupCommit } from './commit/group-commit';
import type { Answered, SlotTask } from './commit/task';
import { cancel, type CancelCommand, type CancelOutcome } from './rules/cancel';
import {
  check,
  checkRecipient,
  type CheckCommand,
  type CheckOutcome,
  type RecipientCheckCommand,
  type RecipientCheckOutcome,
} from './rules/check';
import { create, type CreateCommand, type CreateOutcome } from './rules/create';
import type { Decision } from './rules/decision';
import { claim, type ClaimCommand, type ClaimOutcome } from './rules/delivery/claim';
import { followUp, type FollowUpCommand, type FollowUpOutcome } from './rules/delivery/follow-up';
import { note, type NoteCommand, type NoteOutcome } from './rules/delivery/note';
import { receipt, type ReceiptCommand, type ReceiptOutcome } from './rules/delivery/receipt';
import { release, type ReleaseCommand } from './rules/delivery/release';
import { result, type ResultCommand, type ResultOutcome } from './rules/delivery/result';
import { expire } from './rules/expire';
import { resend, type ResendCommand, type ResendOutcome } from './rules/resend';
import { unlock, type UnlockCommand, type UnlockOutcome } from './rules/unlock';
import { acknowledge, type Acknowledgement } from './rules/upkeep/acknowledge';
import { dueWork, type Work, type WorkKind } from './rules/upkeep/due';
import { erase, type EraseCommand } from './rules/upkeep/erase';
import type { Slot } from './slot';
import { SlotRepository } from './slot.repository';

/** A slot as a majority has it, with the database's time at the read: expiry is never judged by this machine's clock. */
export interface ReadSlot {
  readonly slot: Slot;
  readonly now: Date;
}

/** A slot that is due, with what of it is. */
export interface DueSlot<Kind extends WorkKind> extends ReadSlot {
  readonly work: readonly Extract<Work, { kind: Kind }>[];
}

type Rule<Command, Outcome> = (slot: Slot | null, command: Command, now: Date) => Decision<Outcome>;

const PAGE = 500;
/** How many due slots are looked at for work of one kind: the others wait for a job that does not keep up. */
const MAX_LOOKED_AT = 5_000;

/**
 * The one door to the slots. Each command is one rule, written if nobody was faster; a refusal is an outcome. All of
 * them throw DomainError `unavailable` when it is not known whether they took effect.
 */
@Injectable()
export class SlotsService {
  private readonly commit: GroupCommit;

  constructor(
    private readonly repository: SlotRepository,
    @Inject(Clock) clock: Clock,
  ) {
    this.commit = new GroupCommit(repository, clock);
  }

  /** Operations that wait for the next commit; overload is judged by this. */
  get waiting(): number {
    return this.commit.waiting;
  }

  /** Resolves when nothing is queued or under way. */
  idle(): Promise<void> {
    return this.commit.idle();
  }

  /** Told of every slot that this process has written, as a majority has it. */
  onWritten(listener: (slot: Slot) => void): void {
    this.commit.onWritten(listener);
  }

  /** @throws NotAboard when the rider was left behind: nothing was written, and its charge comes first */
  create(command: CreateCommand, rider: Rider | null = null): Promise<Answered<CreateOutcome>> {
    return this.run(create, command.slot._id, command, { op: command.op, mayBegin: true, rider });
  }

  /** What a create would come to now, by a majority read. */
  foreseeCreate(command: CreateCommand): Promise<Answered<CreateOutcome>> {
    return this.run(foreseen(create), command.slot._id, command, { mayBegin: true });
  }

  check(slotId: string, command: CheckCommand): Promise<Answered<CheckOutcome>> {
    return this.run(check, slotId, command, { op: command.op });
  }

  checkRecipient(slotId: string, command: RecipientCheckCommand): Promise<Answered<RecipientCheckOutcome>> {
    return this.run(checkRecipient, slotId, command, { op: command.op });
  }

  /** @throws NotAboard as `create` */
  resend(
    slotId: string,
    command: ResendCommand,
    rider: Rider | null = null,
  ): Promise<Answered<ResendOutcome>> {
    return this.run(resend, slotId, command, { op: command.op, rider });
  }

  /** What a resend would come to now, by a majority read. */
  foreseeResend(slotId: string, command: ResendCommand): Promise<Answered<ResendOutcome>> {
    return this.run(foreseen(resend), slotId, command);
  }

  cancel(slotId: string, command: CancelCommand): Promise<Answered<CancelOutcome>> {
    return this.run(cancel, slotId, command, { op: command.op });
  }

  unlock(slotId: string, command: UnlockCommand): Promise<Answered<UnlockOutcome>> {
    return this.run(unlock, slotId, command, { op: command.op });
  }

  /** Durable when it resolves; a result that lost its lease changes nothing. Rides along with the next commit. */
  async result(slotId: string, command: ResultCommand): Promise<ResultOutcome> {
    return (await this.run(result, slotId, command, { ridesAlong: true })).outcome;
  }

  /** Durable when it resolves, and may be repeated. */
  async note(slotId: string, command: NoteCommand): Promise<NoteOutcome> {
    return (await this.run(note, slotId, command)).outcome;
  }

  /** Durable when it resolves. What receipts say twice takes effect once, so it may always be repeated. */
  async receipt(slotId: string, command: ReceiptCommand): Promise<ReceiptOutcome> {
    return (await this.run(receipt, slotId, command)).outcome;
  }

  claim(slotId: string, command: ClaimCommand): Promise<Answered<ClaimOutcome>> {
    return this.run(claim, slotId, command, { op: command.op });
  }

  followUp(slotId: string, command: FollowUpCommand): Promise<Answered<FollowUpOutcome>> {
    return this.run(followUp, slotId, command, { op: command.op });
  }

  async release(slotId: string, command: ReleaseCommand): Promise<void> {
    await this.run(release, slotId, command);
  }

  async expire(slotId: string, command: { readonly actor: Actor }): Promise<void> {
    await this.run(expire, slotId, command);
  }

  /** Rides along with the next commit. */
  async acknowledge(slotId: string, command: Acknowledgement): Promise<void> {
    await this.run(acknowledge, slotId, command, { ridesAlong: true });
  }

  async erase(slotId: string, command: EraseCommand): Promise<void> {
    await this.run(erase, slotId, command);
  }

  async find(slotId: string): Promise<ReadSlot | null> {
    const { slots, now } = await this.repository.read([slotId]);
    return slots[0] && now ? { slot: slots[0], now } : null;
  }

  async findMany(slotIds: readonly string[]): Promise<readonly Slot[]> {
    return slotIds.length === 0 ? [] : (await this.repository.read(slotIds)).slots;
  }

  /** Those of them that nobody has written since. */
  async unchanged(slots: readonly Slot[]): Promise<readonly Slot[]> {
    const versions = await this.repository.readVersions(slots.map(({ _id }) => _id));
    return slots.filter(({ _id, v }) => versions.get(_id) === v);
  }

  /** Slots with work of this kind, those that are due longest first. What is due is said by `rules/upkeep/due.ts`. */
  async due<Kind extends WorkKind>(kind: Kind, limit: number): Promise<DueSlot<Kind>[]> {
    const now = await this.repository.now();
    const found: DueSlot<Kind>[] = [];
    for (let skip = 0; skip < MAX_LOOKED_AT && found.length < limit; skip += PAGE) {
      const { slots } = await this.repository.readDue(now, { limit: PAGE, skip });
      found.push(...slots.flatMap((slot) => withWork(kind, slot, now)));
      if (slots.length < PAGE) break;
    }
    return found.slice(0, limit);
  }

  private run<Command, Outcome>(
    rule: Rule<Command, Outcome>,
    slotId: string,
    command: Command,
    options: Omit<SlotTask<Outcome>, 'slotId' | 'decide'> = {},
  ): Promise<Answered<Outcome>> {
    return this.commit.submit({ slotId, decide: (slot, now) => rule(slot, command, now), ...options });
  }
}

/** The same rule, of which nothing is written. */
function foreseen<Command, Outcome>(rule: Rule<Command, Outcome>): Rule<Command, Outcome> {
  return (slot, command, now) => ({ outcome: rule(slot, command, now).outcome });
}

function withWork<Kind extends WorkKind>(kind: Kind, slot: Slot, now: Date): DueSlot<Kind>[] {
  const work = dueWork(slot, now).filter((one): one is Extract<Work, { kind: Kind }> => one.kind === kind);
  return work.length > 0 ? [{ slot, now, work }] : [];
}
