/**
 * R16. Expiry is left to a clean-up job or a TTL index, so codes live on until it comes, or for ever. Seen in WSO2
 * (CVE-2024-8122) and Fonoster (source); MongoDB's own TTL pass comes about once a minute.
 *
 * Catches: a check that does not look at the time, or looks at it in whole seconds. Runs on an installation of its own,
 * whose jobs it holds.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import type { Slot } from '../../src/otp/slots/slot';
import {
  asAnotherWriter,
  type Answer,
  type Tenant,
  until,
  useEngine,
  wordFor,
  wrongCode,
} from '../support/engine';

const engine = useEngine();
let tenant: Tenant;

const jobs = [
  'relay',
  'expiry',
  'redispatch',
  'follow',
  'erasure',
  'audit-retention',
  'read-model-retention',
  'idempotency-records',
  'sandbox-messages',
  'statistics',
];

/** Holds the leases of all jobs, so that no process runs one. A lease too far ahead would count as free. */
class StoppedJobs {
  private timer: NodeJS.Timeout | undefined;

  async start(leases: mongo.Collection<{ _id: string }>): Promise<void> {
    await this.hold(leases);
    this.timer = setInterval(() => void this.hold(leases).catch(() => undefined), 500);
    // A run of the relay that is under way may renew its lease for another 2 s.
    await sleep(2_500);
  }

  release(): void {
    clearInterval(this.timer);
  }

  private async hold(leases: mongo.Collection<{ _id: string }>): Promise<void> {
    const set = { owner: 'test', until: { $add: ['$$NOW', 3_000] } };
    await leases.bulkWrite(
      jobs.map((name) => ({
        updateOne: { filter: { _id: name }, update: [{ $set: set }], upsert: true },
      })),
    );
  }
}

const stopped = new StoppedJobs();
const slots = (): mongo.Collection<Slot> => engine.db.collection<Slot>('slots');

beforeAll(async () => {
  tenant = await engine.tenant({ policy: { cooldownSeconds: 0, maxChecks: 10 } });
  await slots().dropIndex('purgeAt_1');
  await stopped.start(engine.db.collection('leases'));
});
afterAll(() => stopped.release());

async function expireAt(id: string, at: number): Promise<void> {
  await slots().updateOne({ ids: id }, { $set: { 'current.expiresAt': new Date(at) }, ...asAnotherWriter });
}

describe('with all jobs and TTL indexes off', () => {
  // Catches: expiry that is left to a job or a TTL index.
  it('an expired verification reads expired, and its right code is refused and charged nothing', async () => {
    const started = await tenant.start();
    await until(async () => {
      const { body } = await tenant.read(started.id);
      return (body['deliveries'] as { state: string }[])[0]?.state === 'accepted';
    });
    // What a process has written it relays from memory, without a job and without being asked.
    await until(async () => (await slots().countDocuments({ ids: started.id, outbox: [] })) === 1);
    const copy = () => engine.db.collection<{ _id: string }>('verifications').findOne({ _id: started.id });
    const copied = await copy();
    const expiresAt = Date.now() - 1;
    await expireAt(started.id, expiresAt);
    const before = await slots().findOne({ ids: started.id });
    for (const on of [0, 1]) {
      expect((await tenant.read(started.id, { on })).body).toMatchObject({
        status: 'expired',
        endedAt: new Date(expiresAt).toISOString(),
        sends: { nextAt: null },
      });
      for (const code of [started.code, wrongCode(started.code)]) {
        expect(wordFor(await tenant.check(started.id, code, { on }))).toBe('409 verification_expired');
      }
      for (const call of ['sends', 'cancel']) {
        const answer = await tenant.call(`POST /v1/verifications/${started.id}/${call}`, undefined, { on });
        expect(wordFor(answer)).toBe('409 verification_expired');
      }
    }
    // No job has run, and none of these calls wrote anything.
    expect(before).toMatchObject({ current: { status: 'pending' } });
    expect(await slots().findOne({ ids: started.id })).toEqual(before);
    expect(copied).toMatchObject({ status: 'pending' });
    expect(await copy()).toEqual(copied);
  });

  it('a new verification takes its place, and says of the old one that it expired', async () => {
    const started = await tenant.start();
    await expireAt(started.id, Date.now() - 1);
    const next = await tenant.start({ to: started.to });
    expect(next.id).not.toBe(started.id);
    expect((await tenant.read(started.id)).body).toMatchObject({ status: 'expired' });
    expect(wordFor(await tenant.check(started.id, started.code))).toBe('409 verification_expired');
    expect((await tenant.check(next.id, next.code)).body['valid']).toBe(true);
  });

  interface Try {
    readonly offset: number;
    readonly sentAt: number;
    readonly answeredAt: number;
    readonly expiresAt: number;
    readonly answer: Answer;
  }

  async function checkAround(offset: number): Promise<Try> {
    const started = await tenant.start();
    const expiresAt = Date.now() + 250 + Math.abs(offset);
    await expireAt(started.id, expiresAt);
    await sleep(expiresAt + offset - Date.now() - 3);
    while (Date.now() < expiresAt + offset);
    const sentAt = Date.now();
    const answer = await tenant.check(started.id, started.code, { on: Math.abs(offset) % 2 });
    return { offset, sentAt, answeredAt: Date.now(), expiresAt, answer };
  }

  // Catches: a limit in whole seconds; a grace period. (The boundary itself: slots/rules/check.spec.ts.)
  it('the last millisecond counts and the next one does not', async () => {
    const seen = { before: 0, after: 0 };
    const offsets = [0, -40, 1, -30, 2, -20, 5, -15, 0, -10];
    for (const offset of offsets) {
      const { sentAt, answeredAt, expiresAt, answer } = await checkAround(offset);
      const word = wordFor(answer);
      expect(['200', '409 verification_expired']).toContain(word);
      if (sentAt >= expiresAt) expect({ offset, word }).toEqual({ offset, word: '409 verification_expired' });
      if (answeredAt < expiresAt) expect({ offset, word }).toEqual({ offset, word: '200' });
      if (word === '200') {
        expect(answer.body['valid']).toBe(true);
        expect(Date.parse(String(answer.body['endedAt']))).toBeLessThan(expiresAt);
        seen.before++;
      } else seen.after++;
      // On a busy machine an answer takes longer: it is asked for earlier.
      if (offset === offsets.at(-1) && seen.before === 0) offsets.push(Math.max(-2_000, 2 * offset));
    }
    expect(seen.before).toBeGreaterThan(0);
    expect(seen.after).toBeGreaterThan(0);
  });
});
