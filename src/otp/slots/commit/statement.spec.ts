import fc from 'fast-check';
import { aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import { cancel } from '../rules/cancel';
import { check } from '../rules/check';
import { create, type CreateCommand } from '../rules/create';
import { expire } from '../rules/expire';
import { resend } from '../rules/resend';
import { unlock } from '../rules/unlock';
import { acknowledge } from '../rules/upkeep/acknowledge';
import { dueAt } from '../rules/upkeep/due';
import { isTombstone, type Slot } from '../slot';
import { firstVersion, insertion, modification, type Guard, type Statement } from './statement';

const { _id, key, applicationId, purpose, recipient, current: first } = aSlot();
const { kid, country, channel, masked, transactionDigest, personal, policy } = first;
const [mac, sealed] = [Buffer.alloc(32, 1), Buffer.from('sealed code')];

type Document = Record<string, unknown>;

/** What the server does with `$set` and `$unset` of paths that are at most one level deep. */
function applied(document: Slot, { u }: Statement): Document {
  const { $set = {}, $unset = {}, ...others } = u as { $set?: Document; $unset?: Document };
  expect(others).toEqual({});
  const result: Document = { ...document };
  const parentOf = (path: string): [Document, string] => {
    const [head = '', field, ...deeper] = path.split('.');
    expect(deeper).toEqual([]);
    if (field === undefined) return [result, head];
    const copy = { ...(result[head] as Document) };
    result[head] = copy;
    return [copy, field];
  };
  for (const [path, value] of Object.entries($set)) {
    const [parent, field] = parentOf(path);
    parent[field] = value;
  }
  for (const path of Object.keys($unset)) {
    const [parent, field] = parentOf(path);
    expect(parent).toHaveProperty(field);
    delete parent[field];
  }
  return result;
}

const command = (n: number) => ({
  applicationId,
  actor: 'key:test' as const,
  op: `op-${n}`,
  keyed: n % 2 === 0,
});
const kinds = [
  'replace',
  'resend',
  'right',
  'wrong',
  'again',
  'cancel',
  'unlock',
  'expire',
  'relay',
] as const;
type Kind = (typeof kinds)[number];

function aCreate(n: number, whenPending: 'replace' | 'resend'): CreateCommand {
  const sends = { windowMs: 600_000, sendsMax: 100, cooldownMs: 0 };
  const record = { id: `v-${n}`, mac, sealed, kid, country, channel, masked, transactionDigest, personal };
  const steps = [
    { channel, waitMs: 40_000 },
    { channel, waitMs: 40_000 },
  ];
  return {
    ...command(n),
    slot: { _id, key, applicationId, purpose, recipient },
    record: { ...record, policy: { ...policy, sends }, ...(n % 3 === 0 ? { steps } : {}) },
    delivery: { id: `d-${n}`, channel, locale: null, appHash: null, webOtpDomain: null },
    leaseOwner: 'me',
    leaseMs: 30_000,
    whenPending,
  };
}

/** The slot after one more rule, or the same when it was refused. */
function after(slot: Slot, kind: Kind, n: number, now: Date): Slot {
  const client = { ...command(n), verificationId: slot.current.id };
  const guess = (isRight: boolean) => ({
    ...client,
    candidates: [{ kid, mac: isRight ? Buffer.alloc(32, 1) : Buffer.alloc(32, 9) }],
  });
  const rules: Record<Kind, () => { readonly next?: Slot }> = {
    replace: () => create(slot, aCreate(n, 'replace'), now),
    resend: () => create(slot, aCreate(n, 'resend'), now),
    right: () => check(slot, guess(true), now),
    wrong: () => check(slot, guess(false), now),
    again: () => resend(slot, { ...aCreate(n, 'resend'), ...client }, now),
    cancel: () => cancel(slot, client, now),
    unlock: () => unlock(slot, { ...client, key }, now),
    expire: () => expire(slot, { actor: 'job:expiry' }, now),
    relay: () => acknowledge(slot, everythingOf(slot), now),
  };
  return rules[kind]().next ?? slot;
}
const everythingOf = ({ outbox, past }: Slot) => ({
  events: outbox,
  copied: past.flatMap((one) => (isTombstone(one) ? [] : [{ id: one.id, seq: one.seq, rev: one.rev ?? 0 }])),
  dropped: [],
});

/** A slot as the rules make it, what it was a batch before, and the time of that batch. */
const changes = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      waitMs: fc.constantFrom(0, 1, 30_000, 90_000, 590_000, 4_000_000),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .chain((steps) => fc.tuple(fc.constant(steps), fc.integer({ min: 1, max: 4 }), fc.constantFrom(0, 9, 98)))
  .map(([steps, last, failures]) => {
    const begun = create(null, aCreate(0, 'resend'), at(0)).next!;
    let slot: Slot = { ...insertion(begun, 1_000).written, failures };
    let old = slot;
    let ms = 0;
    steps.forEach(({ kind, waitMs }, index) => {
      if (index <= steps.length - last) old = slot = modification(slot, slot, null, at(ms)).written;
      ms += waitMs;
      slot = after(slot, kind, index + 1, at(ms));
    });
    return { old, next: slot, now: at(ms) };
  });

describe('a change of a slot, as a statement', () => {
  // Catches: a path that is forgotten, so that memory and database differ under one version.
  it('makes of the old document exactly what is said to be written', () => {
    const guards = fc.constantFrom<(Guard | null)[]>('alive', 'lapsed', null);
    fc.assert(
      fc.property(changes, guards, ({ old, next, now }, guard) => {
        const { statement, written } = modification(old, next, guard, now);
        expect(applied(old, statement)).toStrictEqual(written);
        expect(written).toEqual({ ...next, v: old.v + 1, dueAt: dueAt(next) });
        expect(statement.q).toMatchObject({ _id: old._id, v: old.v });
        expect(statement).not.toHaveProperty('upsert');
      }),
      { numRuns: 500 },
    );
  });

  // Catches: a value of a client that becomes a path or an operator.
  it('names fields of ours only, and nothing twice', () => {
    fc.assert(
      fc.property(changes, ({ old, next, now }) => {
        const { $set = {}, $unset = {} } = modification(old, next, null, now).statement.u as Record<
          string,
          Document
        >;
        const paths = [...Object.keys($set), ...Object.keys($unset)];
        for (const path of paths) expect(path).toMatch(/^(?:current\.)?[a-zA-Z]+$/);
        const hasWhole = paths.includes('current');
        expect(paths.some((path) => hasWhole && path.startsWith('current.'))).toBe(false);
        expect(new Set(paths).size).toBe(paths.length);
      }),
      { numRuns: 200 },
    );
  });

  it('sets only what differs', () => {
    const old = modification(aSlot(), aSlot(), null, at(0)).written;
    const next = after(old, 'wrong', 1, at(1));
    const { u } = modification(old, next, null, at(1)).statement;
    const keys = ['failures', 'ops', 'outbox', 'v', 'dueAt', 'current.checksUsed', 'current.seq'];
    expect(Object.keys(u['$set'] as Document).sort()).toEqual(keys.sort());
    expect(u).not.toHaveProperty('$unset');
  });

  // Catches: a code that stays in the database after the end of its verification.
  it('removes what is gone', () => {
    const old = aSlot({ failures: 10, lockedUntil: at(1), purgeAt: at(9) });
    const { u } = modification(old, after(old, 'right', 1, at(1)), null, at(1)).statement;
    const gone = { lockedUntil: '', purgeAt: '', 'current.mac': '', 'current.sealed': '' };
    expect(u['$unset']).toEqual(gone);
  });

  // Catches: fields of the verification before it that show through in the new one.
  it('sets another verification whole', () => {
    const old = aSlot({ current: aRecord({ followAt: at(1), rev: 3 }) });
    const next = after(old, 'replace', 1, at(30_000));
    const { u } = modification(old, next, null, at(30_000)).statement;
    expect((u['$set'] as Document)['current']).toBe(next.current);
    expect(Object.keys(u['$set'] as Document).filter((path) => path.startsWith('current.'))).toEqual([]);
  });

  const nothingToDo = aRecord({ status: 'failed', endedAt: at(0), personal: null, deliveries: [] });
  it.each<
    [what: string, stored: Date, next: Slot, moment: Date | undefined, u: { set: unknown; unset: unknown }]
  >([
    [
      'unset when nothing is left',
      at(5),
      aSlot({ current: nothingToDo, dueAt: at(5) }),
      undefined,
      { set: undefined, unset: '' },
    ],
    ['left when it is the same', at(30_000), aSlot(), at(30_000), { set: undefined, unset: undefined }],
    ['set when it is another', at(5), aSlot(), at(30_000), { set: at(30_000), unset: undefined }],
    [
      'set whatever a rule says',
      at(5),
      aSlot({ dueAt: at(1) }),
      at(30_000),
      { set: at(30_000), unset: undefined },
    ],
  ])('has the next moment of work %s', (_, stored, next, moment, { set, unset }) => {
    const { statement, written } = modification(aSlot({ dueAt: stored }), next, null, at(0));
    const { $set = {}, $unset = {} } = statement.u as Record<string, Document>;
    expect([written.dueAt, $set['dueAt'], $unset['dueAt']]).toEqual([moment, set, unset]);
  });

  // Catches: a version that stays when only events go, so that a memory of the slot before is believed.
  it('adds one to the version, whatever else it changes', () => {
    const old = aSlot({ v: 41, outbox: create(null, aCreate(1, 'resend'), at(0)).next!.outbox });
    const { statement, written } = modification(old, { ...old, outbox: [] }, null, at(0));
    expect(written.v).toBe(42);
    expect(statement).toMatchObject({ q: { _id, v: 41 }, u: { $set: { v: 42, outbox: [] } } });
  });
});

describe('the guard of a statement', () => {
  const ALIVE = { $expr: { $lt: ['$$NOW', '$current.expiresAt'] } };
  const LAPSED = { $expr: { $gte: ['$$NOW', '$current.expiresAt'] } };

  // Catches: a life that is judged by the clock of an instance alone, when it is a close thing.
  it.each<[what: string, guard: Guard | null, ms: number, more: object]>([
    ['15 s before the end, alive', 'alive', 585_000, {}],
    ['a millisecond later, alive', 'alive', 585_001, ALIVE],
    ['in the last millisecond, alive', 'alive', 599_999, ALIVE],
    ['at the end, lapsed', 'lapsed', 600_000, LAPSED],
    ['just within 15 s after the end, lapsed', 'lapsed', 614_999, LAPSED],
    ['15 s after the end, lapsed', 'lapsed', 615_000, {}],
    ['by a clock that is late, lapsed', 'lapsed', 599_990, LAPSED],
    ['by a clock that is early, alive', 'alive', 600_010, ALIVE],
    ['in the last millisecond, when the life decides nothing', null, 599_999, {}],
  ])('%s', (_, guard, ms, more) => {
    const { statement } = modification(aSlot(), { ...aSlot(), failures: 1 }, guard, at(ms));
    expect(statement.q).toStrictEqual({ _id, v: 1_000, ...more });
  });

  // Catches: a guard on the expiry of the verification that is written instead of the one that is stored.
  it('is about the stored verification, not about the one that takes its place', () => {
    const next = after(aSlot(), 'replace', 1, at(599_990));
    expect(modification(aSlot(), next, 'alive', at(599_990)).statement.q).toMatchObject(ALIVE);
    expect(modification(aSlot(), next, 'alive', at(1_190_000)).statement.q).not.toHaveProperty('$expr');
  });
});

describe('a new slot, as a statement', () => {
  // Catches: a slot that is deleted and made again under a version that some process remembers.
  it.each([0, 7, 999])('starts at the milliseconds of now, times 1000, plus %d', (random) => {
    expect(firstVersion(at(1), random)).toBe(at(1).getTime() * 1000 + random);
    expect(Number.isSafeInteger(firstVersion(new Date('2200-01-01'), random))).toBe(true);
  });

  // Catches: `$expr` in an upsert (error 224), and an upsert that changes a slot which is there.
  it('is an upsert of the whole document on a version that no slot has', () => {
    const { next } = create(null, aCreate(1, 'resend'), at(0));
    const { statement, written } = insertion(next!, 1_234);
    expect(statement.q).toStrictEqual({ _id, v: 0 });
    expect(statement.upsert).toBe(true);
    expect(statement.u).toStrictEqual({ ...next, v: 1_234, dueAt: at(5_000) });
    expect(statement.u).toStrictEqual(written);
  });
});
