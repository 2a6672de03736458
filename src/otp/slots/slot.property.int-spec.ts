import fc from 'fast-check';
import { newId } from '../../common/ids';
import {
  checkConstants,
  createConstants,
  createOn,
  resendConstants,
} from '../../../test/builders/slot.builder';
import { useDatabase } from '../../../test/support/mongo';
import { attempt, fact } from '../../../test/support/receipt-world';
import { throughPipeline } from '../../../test/support/pipeline-runner';
import { cancelPipeline, checkPipeline, unlockPipeline } from './pipelines/check.pipeline';
import { resendPipeline } from './pipelines/resend.pipeline';
import { resultPipeline } from './pipelines/delivery.pipeline';
import { receiptPipeline } from './pipelines/receipt/receipt.pipeline';
import { claimPipeline } from './pipelines/lease.pipeline';
import type { Pipeline } from './pipelines/expressions';
import { statusAt, whyNoCancel, whyNoCheck, whyNoCreate, whyNoResend } from './slot.answers';
import type { Refusal } from './slot.answers';
import type { SlotDocument, VerificationRecord } from './slot';
import type { SlotState } from './slot.store';

const T0 = Date.UTC(2026, 0, 1);
const CODE = '111111';

/** One step of a random life; `wait` is the time since the step before. */
const steps = fc.oneof(
  fc.record({
    kind: fc.constant('create' as const),
    whenPending: fc.constantFrom('resend' as const, 'replace' as const, 'reject' as const),
    sendsMax: fc.constantFrom(1, 2, 5),
    cooldownMs: fc.constantFrom(0, 30_000),
    maxChecks: fc.constantFrom(1, 3, 10, 10),
    ttlMs: fc.constantFrom(30_000, 600_000),
    transaction: fc.constantFrom(undefined, 'EUR 5'),
  }),
  fc.record({ kind: fc.constant('check' as const), right: fc.boolean(), older: fc.boolean() }),
  fc.record({ kind: fc.constant('wrong' as const), times: fc.integer({ min: 1, max: 10 }) }),
  fc.record({
    kind: fc.constant('resend' as const),
    sendsMax: fc.constantFrom(1, 5),
    cooldownMs: fc.constantFrom(0, 30_000),
  }),
  fc.record({ kind: fc.constantFrom('cancel' as const, 'unlock' as const) }),
  fc.record({
    kind: fc.constant('result' as const),
    state: fc.constantFrom('accepted', 'rejected', 'unknown'),
  }),
  fc.record({ kind: fc.constant('claim' as const) }),
  fc.record({
    kind: fc.constant('receipt' as const),
    state: fc.constantFrom(
      'accepted' as const,
      'sent' as const,
      'delivered' as const,
      'undelivered' as const,
    ),
    gateway: fc.constantFrom('http', 'other'),
    part: fc.constantFrom(null, 'a', 'b'),
  }),
);
type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never;
const life = fc.array(
  fc.record({
    wait: fc.constantFrom(0, 0, 0, 1, 29_999, 30_000, 60_000, 299_999, 600_000),
    step: steps,
  }),
  { minLength: 8, maxLength: 24, size: 'max' },
);

/** What an operation would say if it were refused, from the state before it; null for those nobody asks. */
type Why = ((slot: SlotState, now: Date) => Refusal) | null;
interface Operation {
  pipeline: Pipeline;
  constants: object;
  why: Why;
}

/** Where a step happens. */
interface Scene {
  readonly slot: SlotDocument | null;
  /** The current verification. */
  readonly id: string;
  readonly now: Date;
}
type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

const plain = ({ id }: Scene) => ({
  applicationId: 'app',
  op: newId(),
  actor: 'key:test',
  verificationId: id,
});
const firstDelivery = (scene: Scene) => ({
  ...plain(scene),
  deliveryId: scene.slot?.current.deliveries[0]?.id ?? 'none',
  leaseOwner: 'me',
});
const guess = (target: string, code: string, { now }: Scene): Operation => ({
  pipeline: checkPipeline(now),
  constants: checkConstants(target, code),
  why: (state, at) => whyNoCheck(state, target, ['k1'], at),
});

const operations: { [Kind in Step['kind']]: (step: StepOf<Kind>, scene: Scene) => Operation[] } = {
  create: ({ kind: _, ...ask }, { slot, now }) => {
    const constants = createConstants({ ...ask, code: CODE });
    const question = { ...constants, transactionDigest: constants.record.transactionDigest };
    const [pipeline, bound] = createOn(slot ?? { _id: 'slot' }, now, constants);
    return [{ pipeline, constants: bound, why: (state, at) => whyNoCreate(state, question, at) }];
  },
  check: ({ right, older }, scene) => {
    const target = older ? (scene.slot?.past[0]?.id ?? scene.id) : scene.id;
    return [guess(target, right ? CODE : '000000', scene)];
  },
  wrong: ({ times }, scene) => Array.from({ length: times }, () => guess(scene.id, '000000', scene)),
  resend: (step, { id, now }) => {
    const constants = resendConstants(id, step);
    const why: Why = (state, at) => whyNoResend(state, id, constants, at);
    return [{ pipeline: resendPipeline(now), constants, why }];
  },
  cancel: (_, scene) => {
    const why: Why = (state, at) => whyNoCancel(state, scene.id, at);
    return [{ pipeline: cancelPipeline(scene.now), constants: plain(scene), why }];
  },
  unlock: (_, scene) => [{ pipeline: unlockPipeline(scene.now), constants: plain(scene), why: null }],
  result: ({ state }, scene) => {
    const result = { state, provider: 'http', reference: null, errorCode: null };
    const constants = { ...firstDelivery(scene), leaseN: 1, result, attempts: [attempt('http')] };
    return [{ pipeline: resultPipeline(scene.now), constants, why: null }];
  },
  receipt: ({ state, gateway, part }, scene) => {
    const receipts = [fact(state, { part })];
    const constants = { ...firstDelivery(scene), gateway, proven: false, receipts, withinMs: 120_000 };
    return [{ pipeline: receiptPipeline(scene.now), constants, why: null }];
  },
  claim: (_, scene) => {
    const constants = { ...firstDelivery(scene), leaseMs: 30_000 };
    return [{ pipeline: claimPipeline(scene.now), constants, why: null }];
  },
};

function operation<Kind extends Step['kind']>(
  step: StepOf<Kind>,
  slot: SlotDocument | null,
  now: Date,
): Operation[] {
  const make: (step: StepOf<Kind>, scene: Scene) => Operation[] = operations[step.kind];
  return make(step, { slot, id: slot?.current.id ?? 'none', now });
}

const asState = (slot: SlotDocument): SlotState =>
  ({ ...slot, undrained: slot.pendingAudit.length }) as unknown as SlotState;
const recordsOf = (slot: SlotDocument) => [slot.current, ...slot.past] as VerificationRecord[];

function expectSound(before: SlotDocument | null, after: SlotDocument, now: Date): void {
  for (const record of recordsOf(after)) {
    const events = after.pendingAudit.filter((event) => event.verificationId === record.id);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(record.seq).toBe(events.length);
    expect(record.checksUsed).toBeLessThanOrEqual(record.policy.maxChecks);
    expect(record.mac !== undefined).toBe(record.status === 'pending');
    expect(record.sealed !== undefined).toBe(record.status === 'pending');
    expect(record.endedAt === null).toBe(record.status === 'pending');
    expect(record.refunds).toBeLessThanOrEqual(3);
    const approvals = events.filter((event) => event.type === 'approved');
    expect(approvals).toHaveLength(record.status === 'approved' ? 1 : 0);
  }
  expect(after.past.filter((record) => record.status === 'pending')).toEqual([]);
  expect(new Set(after.ids).size).toBe(after.ids.length);
  if (!before) return;
  expectOneWay(before, after, now);
}

/** An ended verification stays as it ended; failures fall only by an approval or an unlock. */
function expectOneWay(before: SlotDocument, after: SlotDocument, now: Date): void {
  for (const record of recordsOf(before)) {
    const later = recordsOf(after).find((one) => one.id === record.id);
    if (record.status !== 'pending') expect(later?.status).toBe(record.status);
    if (statusAt(record, now) === 'expired') expect(later?.status).not.toBe('approved');
  }
  expectRising(before, after);
  if (after.failures >= before.failures) return;
  expect(after.failures).toBe(0);
  expect(['approved', 'unlocked']).toContain(after.pendingAudit.at(-1)?.type);
}

const rising: readonly string[] = ['accepted', 'sent', 'undelivered', 'delivered'];

/** What was said of a delivery is never taken back. */
function expectRising(before: SlotDocument, after: SlotDocument): void {
  const states = (slot: SlotDocument) =>
    new Map(
      recordsOf(slot).flatMap(({ deliveries }) => deliveries.map(({ id, state }) => [id, state] as const)),
    );
  const later = states(after);
  for (const [id, state] of states(before))
    expect(rising.indexOf(later.get(id) ?? '')).toBeGreaterThanOrEqual(rising.indexOf(state));
}

describe('any life of a slot', () => {
  const test = useDatabase();

  async function live(run: { wait: number; step: Step }[]): Promise<void> {
    let slot: SlotDocument | null = null;
    let ms = T0;
    for (const { wait, step } of run) {
      ms += wait;
      const now = new Date(ms);
      if (!slot && step.kind !== 'create') continue;
      for (const one of operation(step, slot, now)) {
        const from: SlotDocument | { _id: string } = slot ?? { _id: 'slot' };
        const after: SlotDocument = await throughPipeline(test.durableDb, from, one.pipeline, one.constants);
        expectSound(slot, after, now);
        // The words for a refusal and the decision inside the server are two texts of one rule.
        if (slot && one.why) {
          const changed = JSON.stringify(after) !== JSON.stringify(slot);
          expect({ step, changed }).toEqual({
            step,
            changed: one.why(asState(slot), now).kind === 'allowed',
          });
        }
        slot = after;
      }
    }
  }

  it('keeps every invariant, and refuses exactly when the words for it say so', async () => {
    await fc.assert(fc.asyncProperty(life, live), { numRuns: 120 });
  }, 120_000);
});
