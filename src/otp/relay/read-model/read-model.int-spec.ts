import type { mongo } from 'mongoose';
import { delivery, snapshot as aSnapshot } from '../../../../test/builders/verifications.builder';
import { useDatabase } from '../../../../test/support/mongo';
import { inTransaction } from '../../../common/mongo/transaction';
import { ChangedHoursRepository } from './changed-hours.repository';
import { ReadModelRepository } from './read-model.repository';
import { readModelSchema, VERIFICATIONS, type ReadModelDocument } from './read-model.schema';
import { ReadModelService } from './read-model.service';
import type { VerificationSnapshot } from './snapshot';

const DAY_MS = 86_400_000;
const ago = (ms: number) => new Date(Date.now() - ms);

const snapshot = (id: string, change: Partial<VerificationSnapshot> = {}): VerificationSnapshot =>
  aSnapshot(id, {
    createdAt: ago(1_000),
    expiresAt: new Date(Date.now() + 600_000),
    deliveries: [],
    personal: Buffer.from('sealed'),
    ...change,
  });

describe('the read model', () => {
  const test = useDatabase();
  let repository: ReadModelRepository;
  let readModel: ReadModelService;
  const collection = () => test.durableDb.collection<ReadModelDocument>(VERIFICATIONS);
  const copies = () => collection().find().sort({ _id: 1 }).toArray();

  beforeAll(async () => {
    await test.connection.model(VERIFICATIONS, readModelSchema).createIndexes();
    repository = new ReadModelRepository(test.durableDb);
    readModel = new ReadModelService(repository, new ChangedHoursRepository(test.durableDb));
  });
  beforeEach(() => collection().deleteMany({}));

  const ids = async (filter: object, applicationId = 'app') => {
    const page = await readModel.list(applicationId, { limit: 50, ...filter });
    return page.items.map((item) => item.id);
  };

  // Catches: the `seq` guard of the upsert.
  it('keeps the newest version in whatever order versions arrive', async () => {
    await repository.save([snapshot('v', { seq: 3, status: 'approved', endedAt: ago(0) })]);
    await repository.save([snapshot('v', { seq: 2 }), snapshot('w', { seq: 1 })]);
    await repository.save([snapshot('v', { seq: 3, status: 'failed' })]);
    expect(await readModel.find('app', 'v')).toMatchObject({ seq: 3, status: 'approved' });
    expect(await readModel.find('app', 'w')).toMatchObject({ seq: 1 });
  });

  // Catches: the `rev` guard, and a `rev` that outlives its `seq`.
  it('tells versions without an event apart too', async () => {
    const copied = (checksUsed: number, change: Partial<VerificationSnapshot>) =>
      repository.save([snapshot('v', { checksUsed, ...change })]);
    await copied(1, { seq: 2, rev: 2 });
    await copied(2, { seq: 2, rev: 1 });
    await copied(3, { seq: 2 });
    await copied(4, { seq: 2, rev: 2 });
    expect(await readModel.find('app', 'v')).toMatchObject({ seq: 2, rev: 2, checksUsed: 1 });
    await copied(5, { seq: 2, rev: 3 });
    expect(await readModel.find('app', 'v')).toMatchObject({ rev: 3, checksUsed: 5 });
    await copied(6, { seq: 3 });
    expect(await readModel.find('app', 'v')).not.toHaveProperty('rev');
    await copied(7, { seq: 3, rev: 1 });
    expect(await readModel.find('app', 'v')).toMatchObject({ seq: 3, rev: 1, checksUsed: 7 });
  });

  // Catches: taking E11000 for "a newer version is there". Two first copies meet in it, and the newer may lose.
  it('keeps the newest of first copies that arrive at the same time', async () => {
    for (let round = 0; round < 30; round++) {
      const ids = Array.from({ length: 20 }, (_, n) => `v-${round}-${n}`);
      const version = (seq: number) => repository.save(ids.map((id) => snapshot(id, { seq })));
      await Promise.all([version(1), version(3), version(2)]);
      const stored = await collection()
        .find({ _id: { $in: ids } })
        .toArray();
      expect(stored.map(({ seq }) => seq)).toEqual(ids.map(() => 3));
    }
  });

  it('stores more than fits into one command', async () => {
    await repository.save(Array.from({ length: 450 }, (_, n) => snapshot(`v${n}`)));
    expect(await collection().countDocuments()).toBe(450);
  });

  it('gives back what was saved, with the time of the database', async () => {
    const saved = snapshot('v');
    await repository.save([saved]);
    expect(await readModel.find('app', 'v')).toEqual({ ...saved, now: expect.any(Date) });
  });

  it('shows nothing of another application', async () => {
    await repository.save([snapshot('v')]);
    expect(await readModel.find('other', 'v')).toBeNull();
    expect(await ids({}, 'other')).toEqual([]);
  });

  // Catches: setting personal data again with every copy.
  it('does not bring back personal data or a recipient with a later version', async () => {
    await repository.save([snapshot('v', { createdAt: ago(40 * DAY_MS) })]);
    await repository.erasePersonal(['v']);
    await repository.removeRecipients(31, null, 10);
    await repository.save([snapshot('v', { seq: 2, status: 'approved' })]);
    expect(await readModel.find('app', 'v')).toMatchObject({
      seq: 2,
      status: 'approved',
      personal: null,
      recipient: null,
      slotId: '',
    });
  });

  describe('a report that comes when the slot has forgotten', () => {
    const report = (decide: Parameters<ReadModelService['report']>[1], id = 'v') => {
      const { connection } = test;
      return inTransaction(connection, (session) =>
        readModel.report(id, decide, { db: connection.db!, session }),
      );
    };

    it('changes what its rule says, and the version', async () => {
      await repository.save([snapshot('v', { seq: 3, rev: 2, deliveries: [delivery({ state: 'sent' })] })]);
      const done = await report(({ deliveries, seq }) => ({
        deliveries: deliveries.map((one) => ({ ...one, state: 'delivered' })),
        seq: seq + 1,
      }));
      expect(done).toMatchObject({ before: { seq: 3, rev: 2 }, after: { seq: 4 } });
      const stored = (await copies())[0]!;
      expect(stored).toMatchObject({ seq: 4, deliveries: [{ state: 'delivered' }], status: 'pending' });
      expect(stored).not.toHaveProperty('rev');
      expect(done!.after).toEqual({ ...stored, personal: Buffer.from('sealed') });
    });

    it('leaves alone what its rule leaves alone, and what is not known', async () => {
      await repository.save([snapshot('v')]);
      const [before] = await copies();
      expect(await report(() => null)).toMatchObject({ before: { _id: 'v' }, after: { _id: 'v', seq: 1 } });
      expect(await copies()).toEqual([before]);
      expect(await report(() => ({ deliveries: [], seq: 9 }), 'unknown')).toBeNull();
      expect(await copies()).toEqual([before]);
    });

    // Catches: deciding on a version that is not the one that is replaced.
    it('counts every one of many at once', async () => {
      await repository.save([snapshot('v')]);
      await Promise.all(
        Array.from({ length: 8 }, () => report(({ deliveries, seq }) => ({ deliveries, seq, rev: 1 }))),
      );
      const next = (): Promise<unknown> => report(({ deliveries, seq }) => ({ deliveries, seq: seq + 1 }));
      await Promise.all([next(), next(), next(), next()]);
      expect(await copies()).toMatchObject([{ seq: 5 }]);
    });
  });

  describe('expiry', () => {
    beforeEach(() =>
      repository.save([
        snapshot('live'),
        snapshot('lapsed', { expiresAt: ago(1) }),
        snapshot('expired', { status: 'expired', expiresAt: ago(1), endedAt: ago(1) }),
        snapshot('approved', { status: 'approved', expiresAt: ago(1), endedAt: ago(500) }),
      ]),
    );

    it('is read from the time, job or not', async () => {
      const lapsed = (await readModel.find('app', 'lapsed'))!;
      expect(lapsed.status).toBe('expired');
      expect(lapsed.endedAt).toEqual(lapsed.expiresAt);
      expect(await readModel.find('app', 'live')).toMatchObject({ status: 'pending', endedAt: null });
    });

    it('counts in filters as well', async () => {
      expect(await ids({ status: 'pending' })).toEqual(['live']);
      expect((await ids({ status: 'expired' })).sort()).toEqual(['expired', 'lapsed']);
      expect(await ids({ status: 'approved' })).toEqual(['approved']);
    });
  });

  it('filters by recipient, purpose and time of creation', async () => {
    const at = (day: number) => new Date(Date.UTC(2026, 0, day));
    await repository.save([
      snapshot('a', { createdAt: at(1), recipient: 'x' }),
      snapshot('b', { createdAt: at(2), purpose: 'login' }),
      snapshot('c', { createdAt: at(3), recipient: 'x', purpose: 'login' }),
    ]);
    expect(await ids({})).toEqual(['c', 'b', 'a']);
    expect(await ids({ recipient: 'x' })).toEqual(['c', 'a']);
    expect(await ids({ recipient: 'x', purpose: 'login' })).toEqual(['c']);
    expect(await ids({ createdAfter: at(2), createdBefore: at(3) })).toEqual(['b']);
  });

  it('pages through equal times without gaps or repeats', async () => {
    const createdAt = ago(5_000);
    const all = Array.from({ length: 23 }, (_, n) => `v${String(n).padStart(2, '0')}`);
    await repository.save(all.map((id, n) => snapshot(id, n < 15 ? { createdAt } : {})));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await readModel.list('app', { limit: 4, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toHaveLength(23);
    expect([...seen].sort()).toEqual(all);
  });

  it.each(['x', '', 'e30', '{}'])('refuses %j as a cursor and names it', async (cursor) => {
    await expect(readModel.list('app', { limit: 5, cursor })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { errors: [{ path: 'cursor' }] },
    });
  });

  it('serves lists and jobs from indexes', async () => {
    const plans = await Promise.all(
      [
        { filter: { applicationId: 'app' }, sort: { createdAt: -1, _id: -1 } },
        { filter: { applicationId: 'app', recipient: 'x' }, sort: { createdAt: -1, _id: -1 } },
        { filter: { createdAt: { $lt: new Date() } }, sort: { createdAt: 1, _id: 1 } },
      ].map(({ filter, sort }) =>
        test.durableDb
          .collection('verifications')
          .find(filter, { sort: sort as mongo.Sort })
          .explain('queryPlanner'),
      ),
    );
    for (const plan of plans)
      expect(JSON.stringify(plan['queryPlanner'].winningPlan)).not.toMatch(/COLLSCAN|"SORT"/);
  });

  it('removes recipients from the oldest on and goes on where it stopped', async () => {
    const createdAt = ago(40 * DAY_MS);
    await repository.save(['a', 'b', 'c'].map((id) => snapshot(id, { createdAt })));
    await repository.save([snapshot('d', { createdAt: ago(30 * DAY_MS) })]);
    const first = await repository.removeRecipients(31, null, 2);
    expect(first).toEqual({ done: 2, last: { createdAt, id: 'b' } });
    const second = await repository.removeRecipients(31, first.last, 2);
    expect(second).toMatchObject({ done: 1, last: { id: 'c' } });
    expect(await repository.removeRecipients(31, second.last, 2)).toEqual({ done: 0, last: second.last });
    const withRecipient = (await copies()).filter((copy) => 'recipient' in copy);
    expect(withRecipient.map((copy) => copy._id)).toEqual(['d']);
  });

  it('deletes the oldest in batches', async () => {
    await repository.save(['a', 'b', 'c'].map((id) => snapshot(id, { createdAt: ago(401 * DAY_MS) })));
    await repository.save([snapshot('d', { createdAt: ago(399 * DAY_MS) })]);
    expect(await repository.deleteOlderThan(400, 2)).toBe(2);
    expect(await repository.deleteOlderThan(400, 2)).toBe(1);
    expect(await repository.deleteOlderThan(400, 2)).toBe(0);
    expect((await copies()).map((copy) => copy._id)).toEqual(['d']);
  });
});
