/**
 * Random lives of a slot, against the rules said once more in the plainest words (`Model`), and against what must hold
 * whatever the rules say.
 */
import fc from 'fast-check';
import { aRecord, aSlot } from '../../../../test/builders/slot-state.builder';
import { cancel } from './cancel';
import { check } from './check';
import { create, type CreateCommand } from './create';
import type { Decision } from './decision';
import { expire } from './expire';
import { resend } from './resend';
import { unlock } from './unlock';
import type { SendRules, Slot, VerificationRecord } from '../slot';

const T0 = Date.UTC(2026, 0, 1);
const { _id, key, applicationId, purpose, recipient } = aSlot();
const { country, channel, masked, personal } = aRecord();

const creates = fc.record({
  kind: fc.constant('create' as const),
  whenPending: fc.constantFrom<CreateCommand['whenPending'][]>('resend', 'resend', 'replace', 'reject'),
  maxChecks: fc.constantFrom(1, 3, 10, 10),
  ttlMs: fc.constantFrom(30_000, 600_000, 86_400_000),
  transaction: fc.constantFrom(null, null, 'EUR 5'),
});
const checks = fc.record({
  kind: fc.constant('check' as const),
  isRight: fc.constantFrom(false, false, false, true),
  isOlder: fc.constantFrom(false, false, false, true),
  times: fc.constantFrom(1, 1, 2, 10),
});
const simple = ['resend', 'resend', 'cancel', 'unlock', 'expire'] as const;
const others = fc.record({ kind: fc.constantFrom(...simple) });
const step = fc.oneof(creates, creates, checks, checks, checks, others, others);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;
const FORWARD = [0, 0, 0, 1, 29_999, 30_000, 59_999, 60_000, 540_000, 600_000, 3_600_000];

const lifeOf = (waits: readonly number[]) =>
  fc.record({
    sends: fc.record({
      windowMs: fc.constantFrom(60_000, 600_000),
      sendsMax: fc.constantFrom(1, 2, 5),
      cooldownMs: fc.constantFrom(0, 0, 30_000),
    }),
    /** Failures that the recipient had before. */
    failures: fc.constantFrom(0, 0, 8, 96),
    steps: fc.array(fc.record({ waitMs: fc.constantFrom(...waits), step }), {
      minLength: 10,
      maxLength: 40,
      size: 'max',
    }),
  });
type Life = ReturnType<typeof lifeOf> extends fc.Arbitrary<infer L> ? L : never;

interface Live {
  readonly id: string;
  readonly ttlMs: number;
  readonly expiresMs: number;
  readonly maxChecks: number;
  readonly transaction: string | null;
  guesses: number;
}

/** A step of a life: `id` is for what it may start, `target` is what it is about. */
interface Call {
  readonly asked: Step;
  readonly id: string;
  readonly target: string;
}

/** What a clerk with a pencil would note down. Answers are words, times are ms. */
class Model {
  private live: Live | null = null;
  /** The live one is over, and nobody has ended it in the slot yet. */
  private isUnswept = false;
  private readonly ends = new Map<string, string>();
  private sent: number[] = [];
  private lockedMs = 0;

  constructor(
    private readonly sends: SendRules,
    private failures: number,
  ) {}

  answer({ asked, id, target }: Call, now: number): string {
    this.look(now);
    if (asked.kind === 'create') return this.create(asked, id, now);
    if (asked.kind === 'unlock') return this.unlock();
    if (asked.kind === 'expire') return this.sweep();
    if (this.live?.id !== target) return this.ends.get(target) ?? 'not_found';
    if (asked.kind === 'cancel') return this.end('canceled');
    if (this.lockedMs > now) return `locked ${this.lockedMs}`;
    return asked.kind === 'check' ? this.guess(this.live, asked.isRight, now) : this.send('resent', now);
  }

  private create(ask: StepOf<'create'>, id: string, now: number): string {
    const { live } = this;
    if (live && ask.whenPending === 'reject') return `pending ${live.id}`;
    if (this.lockedMs > now) return `locked ${this.lockedMs}`;
    if (live && mayJoin(live, ask, now)) {
      const said = this.send(`joined ${live.id}`, now);
      return said.startsWith('too_soon') ? `joined_quietly ${live.id}` : said;
    }
    const said = this.send(`started ${id}`, now);
    if (!said.startsWith('started')) return said;
    this.end('superseded');
    this.isUnswept = false;
    this.live = { id, guesses: 0, expiresMs: now + ask.ttlMs, ...ask };
    return said;
  }

  private guess(live: Live, isRight: boolean, now: number): string {
    live.guesses += 1;
    if (isRight) {
      [this.failures, this.lockedMs, this.sent] = [0, 0, []];
      return this.end('approved');
    }
    this.failures += 1;
    const delayMs = Math.min(3_600, 30 * 2 ** (this.failures - 10)) * 1000;
    this.lockedMs = this.failures >= 100 ? Infinity : this.failures >= 10 ? now + delayMs : 0;
    return live.guesses < live.maxChecks ? 'wrong' : this.end('failed');
  }

  private unlock(): string {
    if (this.failures === 0) return 'nothing';
    [this.failures, this.lockedMs] = [0, 0];
    return 'unlocked';
  }

  private sweep(): string {
    const said = this.isUnswept ? 'expired' : 'nothing';
    this.isUnswept = false;
    return said;
  }

  private look(now: number): void {
    if (!this.live || now < this.live.expiresMs) return;
    this.end('expired');
    this.isUnswept = true;
  }

  private end(status: string): string {
    if (this.live) this.ends.set(this.live.id, `ended ${status}`);
    this.live = null;
    return status;
  }

  private send(said: string, now: number): string {
    const { windowMs, sendsMax, cooldownMs } = this.sends;
    const last = this.sent.at(-1);
    if (last !== undefined && last + cooldownMs > now) return `too_soon ${last + cooldownMs}`;
    const countAt = (ms: number) => this.sent.filter((one) => one > ms - windowMs).length;
    if (countAt(now) >= sendsMax)
      return `send_limit ${this.sent.map((one) => one + windowMs).find((ms) => ms > now && countAt(ms) < sendsMax)}`;
    this.sent.push(now);
    return said;
  }
}

function mayJoin(live: Live, { whenPending, transaction }: StepOf<'create'>, now: number): boolean {
  const leftMs = live.expiresMs - now;
  const isEnough = leftMs >= 60_000 || leftMs * 5 >= live.ttlMs;
  return whenPending === 'resend' && live.transaction === transaction && isEnough;
}

interface Outcome {
  readonly kind: string;
  readonly status?: string;
  readonly until?: Date | null;
  readonly verificationId?: string | null;
}
type Rule = (slot: Slot | null, now: Date) => Decision<Outcome>;

/** An outcome in the words of the model. */
function wordsOf({ kind, status, until, verificationId }: Outcome): string {
  const end = until === undefined ? undefined : (until?.getTime() ?? Infinity);
  return [kind, status ?? end ?? verificationId].filter((word) => word !== undefined).join(' ');
}

/** Rules share what they do not change, so nothing of a slot may ever be changed in place. */
function frozen<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value;
  if (Object.isFrozen(value)) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

const codeOf = (id: string): Buffer => Buffer.from(id.padEnd(32, '.'));

/** The rule that a step stands for, with a command of its own. */
function ruleOf({ asked, id, target: verificationId }: Call, op: string, sends: SendRules): Rule {
  const client = { applicationId, actor: 'key:test' as const, op, keyed: op.endsWith('0') };
  const delivery = { id: `d${op}`, channel, locale: null, appHash: null, webOtpDomain: null };
  const leased = { ...client, delivery, leaseOwner: 'me', leaseMs: 30_000 };
  const rules: { [Kind in Step['kind']]: (one: StepOf<Kind>) => Rule } = {
    create: (one) => (slot, now) => create(slot, { ...leased, ...verificationOf(one, id, sends) }, now),
    check: ({ isRight }) => {
      const mac = isRight ? codeOf(verificationId) : Buffer.alloc(32, 9);
      return (slot, now) => check(slot, { ...client, verificationId, candidates: [{ kid: 'k1', mac }] }, now);
    },
    resend: () => (slot, now) => resend(slot, { ...leased, verificationId }, now),
    cancel: () => (slot, now) => cancel(slot, { ...client, verificationId }, now),
    unlock: () => (slot, now) => unlock(slot, { ...client, key }, now),
    expire: () => (slot, now) => expire(slot, { actor: 'job:expiry' }, now),
  };
  return (rules[asked.kind] as (one: Step) => Rule)(asked);
}

type Brought = Pick<CreateCommand, 'slot' | 'record' | 'whenPending'>;

function verificationOf(ask: StepOf<'create'>, id: string, sends: SendRules): Brought {
  const { maxChecks, ttlMs, transaction, whenPending } = ask;
  const policy = { maxChecks, ttlMs, codeLength: 6, codeAlphabet: 'numeric' as const, sends };
  const transactionDigest = transaction === null ? null : codeOf(transaction);
  const rest = { kid: 'k1', policy, country, channel, masked, transactionDigest, personal };
  const slot = { _id, key, applicationId, purpose, recipient };
  return { slot, record: { id, mac: codeOf(id), sealed: Buffer.from('sealed code'), ...rest }, whenPending };
}

const recordsOf = ({ past, current }: Slot) =>
  [...past, current].filter((one): one is VerificationRecord => !('tombstone' in one));

/** Words for what is wrong with a verification in its slot; nothing, it is hoped. */
function faultsOf(record: VerificationRecord, { outbox }: Slot): string[] {
  const isPending = record.status === 'pending';
  const events = outbox.filter(({ verificationId }) => verificationId === record.id);
  const approvals = events.filter(({ type }) => type === 'approved').length;
  return faults({
    'events are not 1..n': events.some(({ seq }, index) => seq !== index + 1) || record.seq !== events.length,
    'the code outlives it': !isPending && (record.mac ?? record.sealed) !== undefined,
    'an end without a date': (record.endedAt === null) !== isPending,
    'approvals that are not told once': approvals !== (record.status === 'approved' ? 1 : 0),
    'more guesses than allowed': record.checksUsed > record.policy.maxChecks,
  });
}

const faults = (all: Record<string, boolean>): string[] => Object.keys(all).filter((word) => all[word]);

function faultsOfChange(before: Slot, after: Slot, kind: string, now: Date): string[] {
  const { current } = before;
  const endOf = new Map(recordsOf(after).map(({ id, status }) => [id, status]));
  const isLive = current.status === 'pending' && now < current.expiresAt;
  const mayEndIt = ['started', 'approved', 'failed', 'canceled'].includes(kind);
  const isSame = after.current.id === current.id && after.current.mac === current.mac;
  return faults({
    'an end was changed': recordsOf(before).some(
      ({ id, status }) => status !== 'pending' && endOf.get(id) !== status,
    ),
    'failures were forgiven': after.failures < before.failures && !['approved', 'unlocked'].includes(kind),
    'a live code was killed': isLive && !mayEndIt && (!isSame || after.current.status !== 'pending'),
    'two are live': after.past.some(({ status }) => status === 'pending'),
    'ids are wrong': after.ids.join() !== [...after.past, after.current].map(({ id }) => id).join(),
  });
}

/** One slot, and what a client has seen of it. */
class Watched {
  slot: Slot | null = null;
  private count = 0;
  private readonly evaluated = new Map<string, number>();
  private sent: number[] = [];

  constructor(private readonly sends: SendRules) {}

  /** Runs it once, and once more a little later, as a client does who lost the answer. */
  run(call: Call, now: Date): string {
    const rule = ruleOf(call, `op-${this.count++}`, this.sends);
    const before = this.slot;
    const { outcome, next } = rule(frozen(before), now);
    const found = next ? this.faults(before, frozen(next), outcome.kind, now) : [];
    const after = next ?? before;
    // A refusal is not remembered: it is asked again at the same moment.
    const isRefused = !next || next.outbox === before?.outbox;
    const again = rule(after, isRefused ? now : new Date(now.getTime() + 7));
    const hears = call.asked.kind === 'expire' ? 'nothing' : wordsOf(outcome);
    const repeat = again.next ? 'the repeat changed something' : wordsOf(again.outcome);
    expect([...found, repeat].join()).toBe(hears);
    this.slot = after;
    return wordsOf(outcome);
  }

  /** Sends in the window, and those since the cool-down began. Only for time that runs forwards. */
  expectSendsWithin(words: string, ms: number): void {
    const { windowMs, sendsMax, cooldownMs } = this.sends;
    if (words === 'approved') this.sent = [];
    if (!/^(?:started|joined |resent)/.test(words)) return;
    expect(ms - (this.sent.at(-1) ?? -Infinity)).toBeGreaterThanOrEqual(cooldownMs);
    this.sent.push(ms);
    expect(this.sent.filter((one) => one > ms - windowMs).length).toBeLessThanOrEqual(sendsMax);
  }

  private faults(before: Slot | null, after: Slot, kind: string, now: Date): string[] {
    const { id, checksUsed } = after.current;
    if (['approved', 'wrong', 'failed'].includes(kind))
      this.evaluated.set(id, (this.evaluated.get(id) ?? 0) + 1);
    return [
      ...recordsOf(after).flatMap((record) => faultsOf(record, after)),
      ...(before ? faultsOfChange(before, after, kind, now) : []),
      ...faults({ 'a guess was not charged': checksUsed !== (this.evaluated.get(id) ?? 0) }),
    ];
  }
}

function targetOf(asked: Step, slot: Slot | null): string | undefined {
  return asked.kind === 'check' && asked.isOlder ? slot?.past.at(-1)?.id : slot?.current.id;
}

/** Every call with its moment; the recipient's former failures come with the first verification. */
function live({ sends, failures, steps }: Life, each: (slot: Watched, call: Call, now: Date) => void): void {
  const watched = new Watched(sends);
  let ms = T0;
  steps.forEach(({ waitMs, step: asked }, index) => {
    ms += waitMs;
    const { slot } = watched;
    if (!slot && asked.kind !== 'create') return;
    const call = { asked, id: `v${index}`, target: targetOf(asked, slot) ?? `v${index}` };
    const times = asked.kind === 'check' ? asked.times : 1;
    for (let n = 0; n < times; n++) each(watched, call, new Date(ms));
    if (!slot && watched.slot) watched.slot = { ...watched.slot, failures };
  });
}

describe('any life of a slot', () => {
  // Catches: a guess too many, a code that lives on, a repeat that acts twice; and any rule that is off by one.
  it('goes as the model says, and keeps every invariant', () => {
    const asTheModel = (life: Life): void => {
      const model = new Model(life.sends, life.failures);
      live(life, (watched, call, now) => {
        const words = watched.run(call, now);
        expect(words).toBe(model.answer(call, now.getTime()));
        watched.expectSendsWithin(words, now.getTime());
      });
    };
    fc.assert(fc.property(lifeOf(FORWARD), asTheModel), { numRuns: 100 });
  });

  // Catches: invariants that hold only as long as time runs forwards.
  it('keeps every invariant but the send window when the clock jumps back and forth', () => {
    const jumps = lifeOf([...FORWARD, -1, -1_000, -30_000, -3_600_000]);
    const jumping = (life: Life): void => live(life, (watched, call, now) => void watched.run(call, now));
    fc.assert(fc.property(jumps, jumping), { numRuns: 60 });
  });
});
