/**
 * The one writer of slots on behalf of requests. Each method is one atomic operation: it runs the pipeline
 * through the group commit and tells what it came to.
 */
import { GroupCommit } from '../../common/mongo/group-commit';
import { unavailable } from '../../common/errors';
import type { CancelConstants, CheckConstants, UnlockConstants } from './pipelines/check.pipeline';
import type { CreateConstants } from './pipelines/create.pipeline';
import type { ResendConstants } from './pipelines/resend.pipeline';
import type { ResultConstants } from './pipelines/delivery.pipeline';
import type { FollowConstants } from './pipelines/follow.pipeline';
import type { ClaimConstants, ReleaseConstants } from './pipelines/lease.pipeline';
import type { ReceiptConstants } from './pipelines/receipt/receipt.pipeline';
import { whyNoCancel, whyNoCheck, whyNoCreate, whyNoResend } from './slot.answers';
import type { Refusal } from './slot.answers';
import type { SlotDocument } from './slot';
import { fieldOf } from './slot.statements';
import type { SlotCommand, SlotConstants, SlotOperationKind } from './slot.statements';
import { SlotStore } from './slot.store';
import type { ReportedSlot, SlotState } from './slot.store';
import { Inject, Injectable } from '@nestjs/common';
import { DURABLE_DB } from '../../database/durable-connection';
import type { mongo } from 'mongoose';

/** `outcome` is what the slot remembers of this operation; otherwise the refusal. `slot` and `now` belong together. */
export type SlotAnswer =
  | { ok: true; outcome: string; slot: SlotState; now: Date }
  | { ok: false; refusal: Exclude<Refusal, { kind: 'allowed' }>; slot: SlotState | null; now: Date };

/** A slot with the database's time at the read: expiry is never judged by this machine's clock. */
export type WholeSlot = { slot: SlotDocument; now: Date };

/** `outcome` is `claimed`, `abandoned` or `followed`. */
export type Claim = { outcome: string; slot: SlotState; now: Date };

/** How often an operation that lost a race to a change it would not have minded is run again. */
const MAX_TRIES = 3;

type Explain = (slot: SlotState, now: Date) => Refusal;

@Injectable()
export class SlotRepository {
  private readonly commit: GroupCommit<SlotCommand, SlotState>;
  private readonly store: SlotStore;

  constructor(@Inject(DURABLE_DB) db: mongo.Db) {
    this.store = new SlotStore(db);
    this.commit = new GroupCommit(this.store);
  }

  /** Operations waiting for the next commit. */
  get waiting(): number {
    return this.commit.waiting;
  }

  idle(): Promise<void> {
    return this.commit.idle();
  }

  create(slotId: string, constants: CreateConstants): Promise<SlotAnswer> {
    const ask = { ...constants, transactionDigest: constants.record.transactionDigest };
    const { id } = constants.record;
    return this.run(command('create', slotId, constants), (slot, now) => whyNoCreate(slot, ask, now), id);
  }

  check(constants: CheckConstants): Promise<SlotAnswer> {
    const kids = constants.candidates.map((candidate) => candidate.kid);
    return this.runOwn('check', constants, (slot, now) =>
      whyNoCheck(slot, constants.verificationId, kids, now),
    );
  }

  resend(constants: ResendConstants): Promise<SlotAnswer> {
    return this.runOwn('resend', constants, (slot, now) =>
      whyNoResend(slot, constants.verificationId, constants, now),
    );
  }

  cancel(constants: CancelConstants): Promise<SlotAnswer> {
    return this.runOwn('cancel', constants, (slot, now) => whyNoCancel(slot, constants.verificationId, now));
  }

  /** No slot or no failures: nothing to do, and no error. */
  async unlock(slotId: string, constants: UnlockConstants): Promise<void> {
    const answer = await this.commit.submit(command('unlock', slotId, constants));
    const done = answer.doc?.ops.some((one) => one.op === constants.op) ?? false;
    if (!answer.settled && !done) throw unknownOutcome();
  }

  /**
   * The outcome is not read back: a result that lost its lease changes nothing. Rejects when the write may not
   * have arrived; repeated with the same op, it takes effect once.
   */
  async result(slotId: string, constants: ResultConstants): Promise<void> {
    const { settled } = await this.commit.submit({ ...command('result', slotId, constants), lookup: null });
    if (!settled) throw unknownOutcome();
  }

  /**
   * Durable when it resolves. What receipts say twice takes effect once, so it may always be repeated.
   * @returns the state that became final by this very operation, or null; `isCurrent`: the verification is the
   * slot's current one, so the receipts found it there
   */
  async receipt(
    slotId: string,
    constants: ReceiptConstants,
  ): Promise<{ final: string | null; isCurrent: boolean }> {
    const { doc, settled } = await this.commit.submit(command('receipt', slotId, constants));
    const own = doc?.ops.find((one) => one.op === constants.op);
    if (!settled && !own) throw unknownOutcome();
    return { final: own?.outcome ?? null, isCurrent: doc?.current.id === constants.verificationId };
  }

  async claim(slotId: string, constants: ClaimConstants): Promise<Claim | null> {
    const { doc, now } = await this.commit.submit(command('claim', slotId, constants));
    const own = doc?.ops.find((one) => one.op === constants.op);
    return doc && own ? { outcome: own.outcome, slot: doc, now } : null;
  }

  /** Null when the slot moved on, or when there was nothing to try: then no delivery was added. */
  async follow(slotId: string, constants: FollowConstants): Promise<Claim | null> {
    const { doc, now } = await this.commit.submit(command('follow', slotId, constants));
    const own = doc?.ops.find((one) => one.op === constants.op);
    return doc && own ? { outcome: own.outcome, slot: doc, now } : null;
  }

  async release(slotId: string, constants: ReleaseConstants): Promise<void> {
    await this.commit.submit({ ...command('release', slotId, constants), lookup: null });
  }

  /** The slot that holds the verification, for this application only. */
  findByVerification(applicationId: string, verificationId: string): Promise<WholeSlot | null> {
    return this.store.readWhole({ ids: verificationId, applicationId });
  }

  /** For receipts: they name a verification, not its application. */
  findReported(verificationIds: readonly string[]): Promise<ReportedSlot[]> {
    return this.store.readDeliveries(verificationIds);
  }

  findByKey(slotId: string): Promise<WholeSlot | null> {
    return this.store.readWhole({ _id: slotId });
  }

  /** By verification id: another application's slot is no slot. */
  private async runOwn<Kind extends 'check' | 'resend' | 'cancel'>(
    kind: Kind,
    constants: SlotConstants[Kind],
    explain: Explain,
  ): Promise<SlotAnswer> {
    const foreign = { kind: 'not_found' } as const;
    const isOwn = (slot: SlotState | null): boolean => slot?.applicationId === constants.applicationId;
    const answer = await this.run(command(kind, constants.verificationId, constants), (slot, now) =>
      isOwn(slot) ? explain(slot, now) : foreign,
    );
    return isOwn(answer.slot) ? answer : { ok: false, refusal: foreign, slot: null, now: answer.now };
  }

  /** @param startedId what a create names its verification: where that is, it took effect, remembered or not. */
  private async run(operation: SlotCommand, explain: Explain, startedId?: string): Promise<SlotAnswer> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { doc, now, settled } = await this.commit.submit(operation);
      const outcome = doc && outcomeIn(doc, operation.constants.op, startedId);
      if (outcome) return { ok: true, outcome, slot: doc, now };
      if (!settled) throw unknownOutcome();
      if (!doc) {
        // A create leaves a slot behind, whoever's: without one there is nothing to judge it by.
        if (startedId !== undefined) continue;
        return { ok: false, refusal: { kind: 'not_found' }, slot: null, now };
      }
      const refusal = explain(doc, now);
      if (refusal.kind !== 'allowed') return { ok: false, refusal, slot: doc, now };
    }
    throw unavailable('Too many changes to this recipient at once. Try again.');
  }
}

function outcomeIn(slot: SlotState, op: string, startedId: string | undefined): string | null {
  const own = slot.ops.find((one) => one.op === op);
  if (own) return own.outcome;
  return startedId !== undefined && slot.ids.includes(startedId) ? 'started' : null;
}

/** After an indeterminate write a missing operation proves nothing: it may still land. */
const unknownOutcome = () =>
  unavailable('The outcome is not known yet. Repeat with the same Idempotency-Key.');

function command<Kind extends SlotOperationKind>(
  kind: Kind,
  target: string,
  constants: SlotConstants[Kind],
): SlotCommand<Kind> {
  return { kind, key: target, constants, lookup: { by: fieldOf(kind), value: target } };
}
