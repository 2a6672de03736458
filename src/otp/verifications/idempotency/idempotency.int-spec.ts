import { randomBytes } from 'node:crypto';
import mongoose, { type Connection, type mongo } from 'mongoose';
import { useDatabase } from '../../../../test/support/mongo';
import { systemClock } from '../../../common/clock';
import { DomainError } from '../../../common/errors';
import { newId } from '../../../common/ids';
import { KeyRing } from '../../../keys/key-ring.service';
import { RECORD_LIFE_MS, TAKE_OVER_AFTER_MS } from './claim.pipeline';
import type { IdempotencyRecord, Run } from './idempotency';
import { IdempotencyRepository } from './idempotency.repository';
import { IDEMPOTENCY_RECORDS, idempotencySchema } from './idempotency.schema';
import { IdempotencyService, type IdempotentCall } from './idempotency.service';

const database = useDatabase();
const randomKey = () => randomBytes(32).toString('base64');
const secrets = JSON.stringify({ index: randomKey(), ring: [{ kid: 'k1', key: randomKey() }] });
const keys = new KeyRing(secrets, systemClock, () => Promise.resolve(secrets));

let second: Connection;
let commands: string[];
let service: IdempotencyService;
let other: IdempotencyService;
let records: mongo.Collection<IdempotencyRecord>;

const serviceOn = (connection: Connection) =>
  new IdempotencyService(
    new IdempotencyRepository(connection.model<IdempotencyRecord>(IDEMPOTENCY_RECORDS, idempotencySchema)),
    keys,
  );

beforeAll(async () => {
  const options = { dbName: database.name, autoIndex: false, autoCreate: false, monitorCommands: true };
  second = await mongoose.createConnection(database.uri, options).asPromise();
  second.getClient().on('commandStarted', ({ commandName }) => commands.push(commandName));
  commands = [];
  service = serviceOn(database.connection);
  other = serviceOn(second);
  records = database.durableDb.collection<IdempotencyRecord>(IDEMPOTENCY_RECORDS);
  await second.model(IDEMPOTENCY_RECORDS).createIndexes();
});

afterAll(() => second.close());

const call = (over: Partial<IdempotentCall> = {}): IdempotentCall => ({
  applicationId: 'app',
  route: 'create',
  target: '',
  key: newId(),
  request: { to: '+34600123456' },
  newIds: { opId: newId(), verificationId: newId() },
  ...over,
});

/** The same call again, as another process would make it: with new ids of its own. */
const again = (first: IdempotentCall) =>
  call({ ...first, newIds: { opId: newId(), verificationId: newId() } });

async function started(on: IdempotencyService, of: IdempotentCall): Promise<Run> {
  const begun = await on.begin(of);
  if (begun.kind !== 'run') throw new Error('was replayed');
  return begun;
}

const refusal = async (begun: Promise<unknown>): Promise<string> => {
  const error: unknown = await begun.then(
    () => 'was not refused',
    (reason: unknown) => reason,
  );
  return error instanceof DomainError ? error.code : String(error);
};

/** As if the record had been taken that long ago. */
const age = (run: Run, ms: number) =>
  records.updateOne({ _id: run.recordId }, [{ $set: { takenAt: { $subtract: ['$takenAt', ms] } } }]);

/** As if the record's day had passed. */
const outlive = (run: Run) =>
  records.updateOne({ _id: run.recordId }, [{ $set: { expiresAt: { $subtract: ['$$NOW', 1] } } }]);

const answer = { outcome: 'started', verificationId: 'joined-verification-id' };

describe('a call with an idempotency key', () => {
  it('runs once and is replayed afterwards, with the verification that was answered', async () => {
    const first = call();
    const run = await started(service, first);
    expect(run).toMatchObject(first.newIds);
    expect(await service.finish(run, answer)).toBe(true);
    expect(await other.begin(again(first))).toEqual({ kind: 'replay', ...answer });
    expect(await service.begin(again(first))).toEqual({ kind: 'replay', ...answer });
  });

  it('replays the verdict of a check, also false', async () => {
    const first = call({ route: 'check', target: newId(), request: { code: '123456' } });
    const verdict = { outcome: 'wrong', verificationId: first.target };
    await service.finish(await started(service, first), verdict);
    expect(await service.begin(again(first))).toEqual({ kind: 'replay', ...verdict });
  });

  it('is refused while the first one runs', async () => {
    const first = call();
    await started(service, first);
    expect(await refusal(other.begin(again(first)))).toBe('idempotency_in_progress');
  });

  it('is refused when the request differs, at every stage of the first one', async () => {
    const first = call({ route: 'check', target: newId(), request: { code: '123456' } });
    const strangers = [{ request: { code: '654321' } }, { target: newId() }].map((over) => ({
      ...again(first),
      ...over,
    }));
    const refused = async () => {
      for (const stranger of strangers)
        expect(await refusal(other.begin(stranger))).toBe('idempotency_key_reused');
    };
    const run = await started(service, first);
    await refused();
    await age(run, TAKE_OVER_AFTER_MS);
    await refused();
    await service.suspend(run);
    await refused();
    await service.finish(await started(service, again(first)), answer);
    await refused();
  });

  it('has nothing to do with the same key of another application or route', async () => {
    const first = call();
    await service.finish(await started(service, first), answer);
    for (const over of [{ applicationId: 'other' }, { route: 'check' as const }]) {
      expect((await service.begin({ ...again(first), ...over })).kind).toBe('run');
    }
  });

  it('counts the order of keys in the body as the same request', async () => {
    const first = call({ request: { a: 1, b: { c: 2, d: 3 } } });
    await service.finish(await started(service, first), answer);
    expect((await service.begin({ ...again(first), request: { b: { d: 3, c: 2 }, a: 1 } })).kind).toBe(
      'replay',
    );
  });

  it('refuses a bad key before asking the database', async () => {
    commands = [];
    expect(await refusal(other.begin(call({ key: 'a b' })))).toBe('invalid_request');
    expect(commands).toEqual([]);
  });

  it('stores neither key nor request, only digests and random ids', async () => {
    const first = call({ key: 'visible-key-1234', request: { to: '+34600123456', code: '987123' } });
    const run = await started(service, first);
    const stored = JSON.stringify(await records.findOne({ _id: run.recordId }));
    expect(stored).not.toMatch(/visible-key|600123456|987123|app"/);
  });

  it('costs one round trip to begin, one to finish, one to replay', async () => {
    const first = call();
    commands = [];
    const run = await started(other, first);
    await other.finish(run, answer);
    await other.begin(again(first));
    expect(commands).toEqual(['findAndModify', 'update', 'findAndModify']);
  });
});

describe('of many calls with one key at the same time', () => {
  /** Mutation: without the upsert's condition (always a fresh record) more than one runs. */
  it('exactly one runs, over two connections', async () => {
    for (let round = 0; round < 10; round++) {
      const first = call();
      const begun = Array.from({ length: 50 }, (_, i) => (i % 2 ? service : other).begin(again(first)));
      const settled = await Promise.allSettled(begun);
      const runs = settled.filter(({ status }) => status === 'fulfilled');
      expect(runs).toHaveLength(1);
      const codes = settled.flatMap((one) =>
        one.status === 'rejected' ? [(one.reason as DomainError).code] : [],
      );
      expect(new Set(codes)).toEqual(new Set(['idempotency_in_progress']));
    }
  });

  /** Mutation: a take-over that does not renew `takenAt` lets all of them run. */
  it('exactly one takes over what died, under the first ids', async () => {
    for (let round = 0; round < 10; round++) {
      const first = call();
      await age(await started(service, first), TAKE_OVER_AFTER_MS);
      const begun = Array.from({ length: 50 }, (_, i) => (i % 2 ? service : other).begin(again(first)));
      const runs = (await Promise.allSettled(begun)).flatMap((one) =>
        one.status === 'fulfilled' ? [one.value] : [],
      );
      expect(runs).toHaveLength(1);
      expect(runs[0]).toMatchObject({ kind: 'run', ...first.newIds });
    }
  });

  it('exactly one takes over what was suspended', async () => {
    const first = call();
    await service.suspend(await started(service, first));
    const begun = Array.from({ length: 50 }, (_, i) => (i % 2 ? service : other).begin(again(first)));
    const runs = (await Promise.allSettled(begun)).flatMap((one) =>
      one.status === 'fulfilled' ? [one.value] : [],
    );
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ kind: 'run', ...first.newIds });
  });
});

describe('an attempt that does not end', () => {
  it('is not taken over before 30 s', async () => {
    const first = call();
    await age(await started(service, first), TAKE_OVER_AFTER_MS - 5_000);
    expect(await refusal(other.begin(again(first)))).toBe('idempotency_in_progress');
  });

  /** Mutation: without the attempt in the filter, the first attempt overwrites, frees or deletes the second one's record. */
  it('cannot finish, suspend or release after another took over', async () => {
    const first = call();
    const lost = await started(service, first);
    await age(lost, TAKE_OVER_AFTER_MS);
    const taken = await started(other, again(first));
    expect(taken).toMatchObject(first.newIds);
    expect(await service.finish(lost, { ...answer, outcome: 'joined' })).toBe(false);
    expect(await service.suspend(lost)).toBe(false);
    expect(await service.release(lost)).toBe(false);
    expect(await refusal(service.begin(again(first)))).toBe('idempotency_in_progress');
    expect(await other.finish(taken, answer)).toBe(true);
    expect(await service.begin(again(first))).toEqual({ kind: 'replay', ...answer });
  });

  it('may be taken over at once after it was suspended, with the same ids', async () => {
    const first = call();
    expect(await service.suspend(await started(service, first))).toBe(true);
    expect(await started(other, again(first))).toMatchObject(first.newIds);
  });
});

describe('a released call', () => {
  it('leaves nothing behind: the next one starts afresh, with any request', async () => {
    const first = call();
    expect(await service.release(await started(service, first))).toBe(true);
    const next = { ...again(first), request: { to: '+34600999999' } };
    expect(await started(other, next)).toMatchObject(next.newIds);
  });

  /** Mutation: without `state: running` in the fence a late release deletes a remembered answer. */
  it('cannot be released, suspended or finished again once it was answered', async () => {
    const first = call();
    const run = await started(service, first);
    await service.finish(run, answer);
    expect(await service.release(run)).toBe(false);
    expect(await service.suspend(run)).toBe(false);
    expect(await service.finish(run, { ...answer, outcome: 'joined' })).toBe(false);
    expect(await service.begin(again(first))).toEqual({ kind: 'replay', ...answer });
  });
});

describe('a record whose day has passed', () => {
  /** Mutation: without the `expiresAt` branch the old answer is replayed for as long as the record is there. */
  it('counts as absent although it is still there, also for another request', async () => {
    const first = call();
    const run = await started(service, first);
    await service.finish(run, answer);
    await outlive(run);
    const next = { ...again(first), request: 'another' };
    expect(await started(other, next)).toMatchObject(next.newIds);
    expect(await refusal(service.begin(again(next)))).toBe('idempotency_in_progress');
  });

  it('is deleted in bounded batches, and nothing else is', async () => {
    await records.deleteMany({});
    const kept = await started(service, call());
    for (let i = 0; i < 5; i++) await outlive(await started(service, call()));
    expect(await service.deleteExpired(3)).toBe(3);
    expect(await service.deleteExpired(3)).toBe(2);
    expect(await service.deleteExpired(3)).toBe(0);
    expect(await records.find().toArray()).toMatchObject([{ _id: kept.recordId }]);
  });

  it('is found by the index, without reading the ones that still live', async () => {
    await records.deleteMany({});
    for (let i = 0; i < 20; i++) await started(service, call());
    const plan = await records
      .find({ $expr: { $lte: ['$expiresAt', '$$NOW'] } }, { sort: { expiresAt: 1 }, limit: 10 })
      .explain('executionStats');
    expect(plan['executionStats']).toMatchObject({ totalKeysExamined: 0, totalDocsExamined: 0 });
  });

  it('ends 24 h after its first call by the clock of the database', async () => {
    const run = await started(service, call());
    const stored = await records.findOne({ _id: run.recordId });
    expect(stored!.expiresAt.getTime() - stored!.takenAt.getTime()).toBe(RECORD_LIFE_MS);
  });
});
