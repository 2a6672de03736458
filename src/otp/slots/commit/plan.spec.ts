import { aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import type { Decision } from '../rules/decision';
import { check } from '../rules/check';
import { create, type CreateCommand } from '../rules/create';
import { expire } from '../rules/expire';
import type { Slot } from '../slot';
import { isWriteOnly, planSlot, type Queued, type SlotPlan } from './plan';

const client = { applicationId: 'app', actor: 'key:test', keyed: false } as const;
const outcomesOf = ({ decided }: SlotPlan<Queued>) => decided.map(({ answer }) => kindOf(answer.outcome));
const kindOf = (outcome: unknown): string => (outcome as { kind: string }).kind;

/** A command in the queue; whatever it does. */
const queued = (decide: (slot: Slot | null, now: Date) => Decision<unknown>): Queued => ({
  task: { slotId: 'slot-1', decide },
});
const plan = (items: readonly Queued[], state: Slot | null, ms = 1) =>
  planSlot('slot-1', items, state, { now: at(ms), random: 7 });

let ops = 0;
/** A guess at the code of {@link aRecord}. */
function guess(isRight: boolean, verificationId = 'v1'): Queued {
  const candidates = [{ kid: 'k1', mac: Buffer.alloc(32, isRight ? 1 : 9) }];
  const command = { ...client, op: `check-${++ops}`, verificationId, candidates };
  return queued((slot, now) => check(slot, command, now));
}
/** A create that replaces; without cool-down. */
function start(id: string): Queued {
  const { _id, key, applicationId, purpose, recipient } = aSlot();
  const { kid, country, channel, masked, transactionDigest, personal, policy } = aRecord();
  const sends = { windowMs: 60_000, sendsMax: 100, cooldownMs: 0 };
  const [mac, sealed] = [Buffer.alloc(32, 1), Buffer.from('sealed code')];
  const rest = { mac, sealed, kid, country, channel, masked, transactionDigest, personal };
  const command: CreateCommand = {
    ...client,
    op: `create-${++ops}`,
    slot: { _id, key, applicationId, purpose, recipient },
    record: { id, ...rest, policy: { ...policy, sends } },
    delivery: { id: `d-${id}`, channel: 'sms', locale: null, appHash: null, webOtpDomain: null },
    leaseOwner: 'me',
    leaseMs: 30_000,
    whenPending: 'replace',
  };
  return queued((slot, now) => create(slot, command, now));
}
const lapse = queued((slot, now) => expire(slot, { actor: 'job:expiry' }, now));
const refuse = queued(() => ({ outcome: { kind: 'locked' } }));
const fault = new Error('a fault of ours');
const fail = queued(() => {
  throw fault;
});
const guardOf = ({ change }: SlotPlan<Queued>) => change!.statement.q['$expr'];
const ALIVE = { $lt: ['$$NOW', '$current.expiresAt'] };
const LAPSED = { $gte: ['$$NOW', '$current.expiresAt'] };

describe('the commands of a batch on one slot', () => {
  // Catches: every command decided on the state before the batch, so that each of them may be the one that is right.
  it('are decided one after the other: of 64 right guesses one approves', () => {
    const items = Array.from({ length: 64 }, () => guess(true));
    const outcomes = outcomesOf(plan(items, aSlot()));
    expect(outcomes).toEqual(['approved', ...Array.from({ length: 63 }, () => 'ended')]);
  });

  // Catches: more guesses evaluated than the policy allows, because they came together.
  it('are charged one after the other: of 32 wrong guesses exactly five are evaluated', () => {
    const made = plan(
      Array.from({ length: 32 }, () => guess(false)),
      aSlot(),
    );
    const evaluated = outcomesOf(made).slice(0, 5);
    expect(evaluated).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'failed']);
    expect(outcomesOf(made).slice(5)).toEqual(Array.from({ length: 27 }, () => 'ended'));
    expect(made.change!.written).toMatchObject({ v: 1_001, failures: 5, current: { status: 'failed' } });
  });

  it('become one statement, with the time of the decision in every answer and each its own state', () => {
    const [wrong, right] = [guess(false), guess(true)];
    const { slotId, decided, failed, change } = plan([wrong, right], aSlot(), 9);
    expect([slotId, failed]).toEqual(['slot-1', []]);
    expect(decided.map(({ item }) => item)).toEqual([wrong, right]);
    expect(decided.map(({ answer }) => [answer.now, answer.slot?.current.status])).toEqual([
      [at(9), 'pending'],
      [at(9), 'approved'],
    ]);
    expect(change!.written.ops.map(({ outcome }) => outcome)).toEqual(['wrong', 'approved']);
  });

  it('make a slot where there is none, at a version of its time', () => {
    const { change, decided } = plan([start('v1'), guess(false)], null, 5);
    expect(change!.statement).toMatchObject({ q: { _id: 'slot-1', v: 0 }, upsert: true });
    expect(Object.keys(change!.statement.q)).toEqual(['_id', 'v']);
    expect(change!.written).toMatchObject({ v: at(5).getTime() * 1000 + 7, failures: 1 });
    expect(decided.map(({ isEffective }) => isEffective)).toEqual([true, true]);
  });

  it.each<[what: string, state: Slot | null, items: Queued[], outcomes: string[]]>([
    ['refused', aSlot(), [refuse, refuse], ['locked', 'locked']],
    ['about a slot that is not there', null, [guess(true)], ['not_found']],
    ['none', aSlot(), [], []],
  ])('write nothing when they are %s', (_, state, items, outcomes) => {
    const made = plan(items, state);
    expect(outcomesOf(made)).toEqual(outcomes);
    expect(made).not.toHaveProperty('change');
    expect(made.decided.map(({ answer }) => answer.slot)).toEqual(items.map(() => state));
  });

  it('say which of them took effect', () => {
    const { decided } = plan([refuse, guess(true), refuse], aSlot());
    expect(decided.map(({ isEffective }) => isEffective)).toEqual([false, true, false]);
  });
});

describe('a rule that fails', () => {
  // Catches: one faulty command that fails everybody who came with it.
  it('fails its own command only', () => {
    const made = plan([guess(false), fail, guess(true)], aSlot());
    expect(outcomesOf(made)).toEqual(['wrong', 'approved']);
    expect(made.failed).toEqual([{ item: fail, error: fault }]);
    expect(made.change!.written).toMatchObject({ current: { status: 'approved', checksUsed: 2 } });
  });

  it('writes nothing when it was alone', () => {
    const made = plan([fail], aSlot());
    expect(made).toEqual({ slotId: 'slot-1', decided: [], failed: [{ item: fail, error: fault }] });
  });

  // Catches: an answer to commands whose write was never made.
  it('fails all of them when the state that they made cannot be written', () => {
    const broken = queued((slot) => ({
      outcome: { kind: 'done' },
      next: { ...slot!, current: null as never },
    }));
    const made = plan([guess(false), broken], aSlot());
    expect(made.decided).toEqual([]);
    expect(made.failed).toHaveLength(2);
    expect(made).not.toHaveProperty('change');
  });
});

describe('the guard of a batch', () => {
  // Catches: an approval after the expiry by an instance whose clock is late.
  it.each<[what: string, ms: number, items: Queued[], guard: object | undefined]>([
    ['is that the code is alive, for a check', 599_990, [guess(true)], ALIVE],
    ['is that it is alive, for a create that supersedes it', 599_990, [start('v2')], ALIVE],
    ['is that it has lapsed, for a create in its place', 600_000, [start('v2')], LAPSED],
    ['is that it has lapsed, for its expiry', 600_000, [lapse], LAPSED],
    ['stays when something follows that relies on nothing', 599_990, [guess(false), queued(forgive)], ALIVE],
    ['stays when it is refused after that', 599_990, [guess(true), guess(true)], ALIVE],
    [
      'is not that of a verification that this batch starts',
      600_000,
      [start('v2'), guess(false, 'v2')],
      LAPSED,
    ],
    ['is none when nothing relies on the life', 599_990, [queued(forgive)], undefined],
    ['is none when only a refusal does', 599_990, [queued(refuseRelying), queued(forgive)], undefined],
  ])('%s', (_, ms, items, guard) => {
    expect(guardOf(plan(items, aSlot(), ms))).toEqual(guard);
  });

  function forgive(slot: Slot | null): Decision<unknown> {
    return { outcome: { kind: 'unlocked' }, next: { ...slot!, failures: 0 } };
  }
  function refuseRelying(): Decision<unknown> {
    return { outcome: { kind: 'locked' }, relies: 'alive' };
  }
});

describe('what a memory proposes', () => {
  // Catches: a refusal from memory, which may be stale; only a write is proven by the write itself.
  it.each<[what: string, items: Queued[], isProven: boolean]>([
    ['changes only', [guess(false), guess(true)], true],
    ['a refusal alone', [refuse], false],
    ['a refusal beside a change', [guess(true), refuse], false],
    ['a repeat beside a change', [guess(true), guess(true)], false],
    ['a rule that failed', [guess(true), fail], false],
  ])('is proven by the write: %s', (_, items, isProven) => {
    expect(isWriteOnly(plan(items, aSlot()))).toBe(isProven);
  });
});
