/**
 * A batch of operations as statements of one `update` command. Operations of a kind share a statement, so that
 * the server parses their pipeline once: parsing costs more than running it.
 */
import type { Operation } from '../../common/mongo/group-commit';
import { cancelPipeline, checkPipeline, unlockPipeline } from './pipelines/check.pipeline';
import type { CancelConstants, CheckConstants, UnlockConstants } from './pipelines/check.pipeline';
import { createPipeline, freshPipeline, freshSlot } from './pipelines/create.pipeline';
import { resendPipeline } from './pipelines/resend.pipeline';
import type { CreateConstants } from './pipelines/create.pipeline';
import type { ResendConstants } from './pipelines/resend.pipeline';
import { resultPipeline } from './pipelines/delivery.pipeline';
import { claimPipeline, releasePipeline } from './pipelines/lease.pipeline';
import type { ResultConstants } from './pipelines/delivery.pipeline';
import { followPipeline } from './pipelines/follow.pipeline';
import type { FollowConstants } from './pipelines/follow.pipeline';
import type { ClaimConstants, ReleaseConstants } from './pipelines/lease.pipeline';
import type { Pipeline } from './pipelines/expressions';
import { receiptPipeline } from './pipelines/receipt/receipt.pipeline';
import type { ReceiptConstants } from './pipelines/receipt/receipt.pipeline';

/** The constants that each kind of operation brings. */
export interface SlotConstants {
  create: CreateConstants;
  check: CheckConstants;
  resend: ResendConstants;
  cancel: CancelConstants;
  unlock: UnlockConstants;
  result: ResultConstants;
  receipt: ReceiptConstants;
  claim: ClaimConstants;
  release: ReleaseConstants;
  follow: FollowConstants;
}
export type SlotOperationKind = keyof SlotConstants;

/** One operation on one slot; `target` is the slot's `_id`, or the verification's id for kinds found by that. */
export interface SlotCommand<Kind extends SlotOperationKind = SlotOperationKind> extends Operation {
  readonly kind: Kind;
  readonly constants: SlotConstants[Kind];
}

/** Built once; `field` is what the kind's operations are found by. */
const kinds: Record<SlotOperationKind, { field: '_id' | 'ids'; pipeline: Pipeline }> = {
  create: { field: '_id', pipeline: createPipeline() },
  check: { field: 'ids', pipeline: checkPipeline() },
  resend: { field: 'ids', pipeline: resendPipeline() },
  cancel: { field: 'ids', pipeline: cancelPipeline() },
  unlock: { field: '_id', pipeline: unlockPipeline() },
  result: { field: '_id', pipeline: resultPipeline() },
  receipt: { field: '_id', pipeline: receiptPipeline() },
  claim: { field: '_id', pipeline: claimPipeline() },
  release: { field: '_id', pipeline: releasePipeline() },
  follow: { field: '_id', pipeline: followPipeline() },
};
const fresh = freshPipeline(false);
const freshWithPlan = freshPipeline(true);

export interface Statement {
  /** As the `update` command takes it; `c` binds constants that the server never evaluates. */
  readonly update: { q: object; u: Pipeline; c: object; multi?: boolean; upsert?: boolean };
  /** Positions in the batch of the operations in it. */
  readonly members: readonly number[];
}

interface Group {
  readonly kind: SlotOperationKind;
  readonly members: number[];
  readonly keys: Set<string>;
}

export function fieldOf(kind: SlotOperationKind): '_id' | 'ids' {
  return kinds[kind].field;
}

/** In order of arrival where it matters: two operations of a kind on one document stand in different statements. */
export function statementsOf(batch: readonly SlotCommand[]): Statement[] {
  const groups: Group[] = [];
  batch.forEach(({ kind, key }, index) => {
    const free = groups.find((group) => group.kind === kind && !group.keys.has(key));
    const group = free ?? { kind, members: [], keys: new Set<string>() };
    if (!free) groups.push(group);
    group.members.push(index);
    group.keys.add(key);
  });
  const upserted = new Set<string>();
  return groups.flatMap((group) => [together(batch, group), ...upserts(batch, group, upserted)]);
}

function together(batch: readonly SlotCommand[], { kind, members, keys }: Group): Statement {
  const { field, pipeline } = kinds[kind];
  const params = members.map((index) => batch[index]?.constants);
  const q = { [field]: { $in: [...keys] } };
  return { update: { q, u: pipeline, c: { keys: [...keys], params }, multi: true }, members };
}

/** A create whose slot is not there yet is nobody's in the shared statement; after one upsert it is. */
function upserts(batch: readonly SlotCommand[], { kind, members }: Group, done: Set<string>): Statement[] {
  if (kind !== 'create') return [];
  return members.flatMap((index) => {
    const command = batch[index] as SlotCommand<'create'>;
    if (done.has(command.key)) return [];
    done.add(command.key);
    const c = { p: command.constants, fresh: freshSlot(command.constants) };
    const u = command.constants.record.plan ? freshWithPlan : fresh;
    return [{ update: { q: { _id: command.key }, u, c, upsert: true }, members: [index] }];
  });
}
