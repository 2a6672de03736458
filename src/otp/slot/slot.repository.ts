/**
 * The one writer of slots on behalf of requests. Each method is one atomic operation: it runs the pipeline
 * through the group commit and tells what it came to.
 */
import { GroupCommit } from '../../common/mongo/group-commit';
import type { Operation } from '../../common/mongo/group-commit';
import { unavailable } from '../../common/errors';
import { cancelPipeline, checkPipeline, unlockPipeline } from './check.pipeline';
import type { CancelConstants, CheckConstants, UnlockConstants } from './check.pipeline';
import { createPipeline, resendPipeline } from './create.pipeline';
import type { CreateConstants, ResendConstants } from './create.pipeline';
import { claimPipeline, releasePipeline, resultPipeline } from './delivery.pipeline';
import type { ClaimConstants, ReleaseConstants, ResultConstants } from './delivery.pipeline';
import type { Pipeline } from './expressions';
import { whyNoCancel, whyNoCheck, whyNoCreate, whyNoResend } from './slot.answers';
import type { Refusal } from './slot.answers';
import type { SlotDocument } from './slot';
import { SlotStore } from './slot.store';
import type { SlotState } from './slot.store';
import { Inject, Injectable } from '@nestjs/common';
import { SLOT_DB } from '../../database/slot-connection';
import type { mongo } from 'mongoose';

/** `outcome` is what the slot remembers of this operation; otherwise the refusal. `slot` and `now` belong together. */
export type SlotAnswer =
  | { ok: true; outcome: string; slot: SlotState; now: Date }
  | { ok: false; refusal: Exclude<Refusal, { kind: 'allowed' }>; slot: SlotState | null; now: Date };

/** A slot with the database's time at the read: expiry is never judged by this machine's clock. */
export type WholeSlot = { slot: SlotDocument; now: Date };

/** `outcome` is `claimed` or `abandoned`. */
export type Claim = { outcome: string; slot: SlotState; now: Date };

/** How often an operation that lost a race to a change it would not have minded is run again. */
const MAX_TRIES = 3;

/** Built once: what varies is bound as constants. */
const pipelines = {
  create: createPipeline(),
  resend: resendPipeline(),
  check: checkPipeline(),
  cancel: cancelPipeline(),
  unlock: unlockPipeline(),
  result: resultPipeline(),
  claim: claimPipeline(),
  release: releasePipeline(),
};

type Explain = (slot: SlotState, now: Date) => Refusal;

@Injectable()
export class SlotRepository {
  private readonly commit: GroupCommit<SlotState>;
  private readonly store: SlotStore;

  constructor(@Inject(SLOT_DB) db: mongo.Db) {
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
    return this.run(byKey(slotId, pipelines.create, constants, true), constants.op, (slot, now) =>
      whyNoCreate(slot, ask, now),
    );
  }

  check(applicationId: string, constants: CheckConstants): Promise<SlotAnswer> {
    const kids = constants.candidates.map((candidate) => candidate.kid);
    return this.runOwn(applicationId, pipelines.check, constants, (slot, now) =>
      whyNoCheck(slot, constants.verificationId, kids, now),
    );
  }

  resend(applicationId: string, constants: ResendConstants): Promise<SlotAnswer> {
    return this.runOwn(applicationId, pipelines.resend, constants, (slot, now) =>
      whyNoResend(slot, constants.verificationId, constants, now),
    );
  }

  cancel(applicationId: string, constants: CancelConstants): Promise<SlotAnswer> {
    return this.runOwn(applicationId, pipelines.cancel, constants, (slot, now) =>
      whyNoCancel(slot, constants.verificationId, now),
    );
  }

  /** No slot or no failures: nothing to do, and no error. */
  async unlock(slotId: string, constants: UnlockConstants): Promise<void> {
    const answer = await this.commit.submit(byKey(slotId, pipelines.unlock, constants, false));
    const done = answer.doc?.ops.some((one) => one.op === constants.op) ?? false;
    if (!answer.settled && !done) throw unknownOutcome();
  }

  /** Nobody waits for the outcome: a result that lost its lease changes nothing. */
  async result(slotId: string, constants: ResultConstants): Promise<void> {
    await this.commit.submit({ ...byKey(slotId, pipelines.result, constants, false), lookup: null });
  }

  /** `claimed`, `abandoned`, or null when the delivery needs nothing any more. */
  async claim(slotId: string, constants: ClaimConstants): Promise<Claim | null> {
    const { doc, now } = await this.commit.submit(byKey(slotId, pipelines.claim, constants, false));
    const own = doc?.ops.find((one) => one.op === constants.op);
    return doc && own ? { outcome: own.outcome, slot: doc, now } : null;
  }

  async release(slotId: string, constants: ReleaseConstants): Promise<void> {
    await this.commit.submit({ ...byKey(slotId, pipelines.release, constants, false), lookup: null });
  }

  /** The slot that holds the verification, for this application only. */
  findByVerification(applicationId: string, verificationId: string): Promise<WholeSlot | null> {
    return this.store.readWhole({ ids: verificationId, applicationId });
  }

  findByKey(slotId: string): Promise<WholeSlot | null> {
    return this.store.readWhole({ _id: slotId });
  }

  /** By verification id: another application's slot is no slot. */
  private async runOwn(
    applicationId: string,
    pipeline: Pipeline,
    constants: { op: string; verificationId: string },
    explain: Explain,
  ): Promise<SlotAnswer> {
    const operation = byVerification(applicationId, pipeline, constants);
    const foreign = { kind: 'not_found' } as const;
    const answer = await this.run(operation, constants.op, (slot, now) =>
      slot.applicationId === applicationId ? explain(slot, now) : foreign,
    );
    return answer.slot?.applicationId === applicationId
      ? answer
      : { ok: false, refusal: foreign, slot: null, now: answer.now };
  }

  private async run(operation: Operation, op: string, explain: Explain): Promise<SlotAnswer> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { doc, now, settled } = await this.commit.submit(operation);
      const own = doc?.ops.find((one) => one.op === op);
      if (doc && own) return { ok: true, outcome: own.outcome, slot: doc, now };
      if (!settled) throw unknownOutcome();
      if (!doc) return { ok: false, refusal: { kind: 'not_found' }, slot: null, now };
      const refusal = explain(doc, now);
      if (refusal.kind !== 'allowed') return { ok: false, refusal, slot: doc, now };
    }
    throw unavailable('Too many changes to this recipient at once. Try again.');
  }
}

/** After an indeterminate write a missing operation proves nothing: it may still land. */
const unknownOutcome = () =>
  unavailable('The outcome is not known yet. Repeat with the same Idempotency-Key.');

function byKey(slotId: string, u: Pipeline, constants: object, upsert: boolean): Operation {
  return {
    statement: { q: { _id: slotId }, u, c: { ...constants }, upsert },
    key: slotId,
    lookup: { by: '_id', value: slotId },
  };
}

function byVerification(
  applicationId: string,
  u: Pipeline,
  constants: { verificationId: string },
): Operation {
  const { verificationId } = constants;
  return {
    statement: { q: { ids: verificationId, applicationId }, u, c: { ...constants } },
    key: verificationId,
    lookup: { by: 'ids', value: verificationId },
  };
}
