/**
 * R22. Answers, or the time they take, differ by what exists, so strangers list the accounts of others. Seen in firezone
 * (GHSA-ppj8-hq8j-598v), better-auth (#5050) and Logto (#8663).
 *
 * Catches: a look-up by id alone; an answer that tells "not yours" from "not there"; a write before the refusal.
 */
import type { mongo } from 'mongoose';
import type { Slot } from '../../src/otp/slots/slot';
import { asAnotherWriter, newNumber, type Tenant, until, wordFor, wrongCode } from '../support/engine';
import { face } from '../support/face';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
const payment = { amount: '49.90', currency: 'EUR', payee: 'Shop Ltd' };
const slots = (): mongo.Collection<Slot> => engine.db.collection<Slot>('slots');
let one: Tenant;
let other: Tenant;
beforeAll(async () => {
  one = await engine.tenant();
  other = await engine.tenant();
});

/** An id of the same form that was never given out. */
const neverGiven = (id: string): string => `${id.slice(0, -2)}${id.endsWith('AA') ? 'BB' : 'AA'}`;

describe("another application's verification", () => {
  /** The slot once the text is reported and the relay has been there: from then on only a call can change it. */
  async function settled(id: string): Promise<Slot | null> {
    const still = { ids: id, outbox: [], 'current.deliveries.state': { $ne: 'sending' as const } };
    await until(async () => (await slots().countDocuments(still)) === 1);
    return slots().findOne({ ids: id });
  }
  it('is answered like an id that never was, to every call, and stays as it is', async () => {
    const { id, code, to } = await one.start();
    await one.check(id, wrongCode(code));
    const before = await settled(id);
    const unknown = neverGiven(id);
    const calls: [string, object?][] = [
      ['GET /v1/verifications/:id'],
      ['POST /v1/verifications/:id/checks', { code }],
      ['POST /v1/verifications/:id/checks', { code: wrongCode(code) }],
      ['POST /v1/verifications/:id/checks', { code, transaction: payment }],
      ['POST /v1/verifications/:id/sends', {}],
      ['POST /v1/verifications/:id/cancel'],
    ];
    for (const [route, body] of calls) {
      const options = { headers: { 'x-request-id': 'same' } };
      const foreign = await other.call(route.replace(':id', id), body, options);
      const never = await other.call(route.replace(':id', unknown), body, options);
      const noId = await other.call(route.replace(':id', 'x'), body, options);
      expect(wordFor(foreign)).toBe('404 verification_not_found');
      expect([face(foreign), foreign.text]).toEqual([face(never), never.text]);
      expect([face(foreign), foreign.text]).toEqual([face(noId), noId.text]);
    }
    expect(await slots().findOne({ ids: id })).toEqual(before);
    expect((await other.lookup(to)).body).toMatchObject({ failures: 0, sends: { used: 0 } });
    const list = await other.call(`GET /v1/verifications?to=${encodeURIComponent(to)}`);
    expect(list.body['data']).toEqual([]);
    const path = `GET /v1/audit/events?verificationId=${id}`;
    // Only once its owner sees them does it say something that the other one does not.
    await until(async () => ((await one.call(path)).body['data'] as object[]).length > 0);
    const events = await other.call(path);
    expect(
      (events.body['data'] as { type: string }[]).filter(({ type }) => type !== 'access_denied'),
    ).toEqual([]);
    expect((await one.check(id, code)).body['valid']).toBe(true);
  });
});

describe('a guess by recipient', () => {
  // Catches: a status, a header or a word that says whether a code is out there for a number.
  it('is answered alike whether a code is out there or not, and makes no slot', async () => {
    const [pending, ended, locked] = [await one.start(), await one.start(), await one.start()];
    await one.call(`POST /v1/verifications/${ended.id}/cancel`);
    const lock = { failures: 11, lockedUntil: new Date(Date.now() + 60_000) };
    await slots().updateOne({ ids: locked.id }, { $set: lock, ...asAnotherWriter });
    const options = { headers: { 'x-request-id': 'same' } };
    const guess = (to: string, code: string) => one.call('POST /v1/checks', { to, code }, options);
    const answers = [
      await guess(newNumber(), pending.code),
      await guess(pending.to, wrongCode(pending.code)),
      await guess(ended.to, ended.code),
      await guess(locked.to, locked.code),
      await other.call('POST /v1/checks', { to: pending.to, code: pending.code }, options),
    ];
    const [first] = answers;
    expect([wordFor(first!), first!.body]).toEqual(['200', { valid: false, verification: null }]);
    for (const answer of answers) expect([face(answer), answer.text]).toEqual([face(first!), first!.text]);
    expect(await slots().countDocuments({ applicationId: other.id })).toBe(0);
    const right = await guess(pending.to, pending.code);
    expect(right.body).toMatchObject({ valid: true, verification: { id: pending.id, status: 'approved' } });
  });
});

/** How often a value of the first list is greater than one of the second; 0.5 when they cannot be told apart. */
function chanceOfGreater(first: readonly number[], second: readonly number[]): number {
  const wins = first.flatMap((a) => second.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  return wins.reduce<number>((sum, one) => sum + one, 0) / wins.length;
}

it('and in the same time: who measures it guesses hardly better than with a coin', async () => {
  const { id, code } = await one.start();
  const ms: Record<'foreign' | 'never', number[]> = { foreign: [], never: [] };
  const time = async (kind: keyof typeof ms, of: string): Promise<void> => {
    const before = performance.now();
    await other.check(of, code);
    ms[kind].push(performance.now() - before);
  };
  for (let round = 0; round < 150; round++) {
    // By turns, and each as often first: what slows the machine down slows both.
    const pair = [() => time('foreign', id), () => time('never', neverGiven(id))];
    for (const one of round % 2 ? pair : pair.reverse()) await one();
  }
  const chance = chanceOfGreater(ms.foreign, ms.never);
  expect(Math.abs(chance - 0.5)).toBeLessThan(0.3);
});
