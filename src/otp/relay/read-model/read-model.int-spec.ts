import type { mongo } from 'mongoose';
import { snapshot as aSnapshot } from '../../../../test/builders/verifications.builder';
import { useDatabase } from '../../../../test/support/mongo';
import { SlotWorld } from '../../../../test/support/slot-world';
import type { VerificationSnapshot } from './snapshot';

const DAY_MS = 86_400_000;
const ago = (ms: number) => new Date(Date.now() - ms);

const snapshot = (id: string, change: Partial<VerificationSnapshot> = {}): VerificationSnapshot =>
  aSnapshot(id, {
    createdAt: ago(1_000),
    expiresAt: new Date(Date.now() + 600_000),
    deliveries: [],
    ...change,
  });

describe('the read model', () => {
  const test = useDatabase();
  let world: SlotWorld;
  beforeAll(async () => (world = await SlotWorld.open(test)));
  beforeEach(() => world.clear());

  const ids = async (filter: object, applicationId = 'app') => {
    const page = await world.history.list(applicationId, { limit: 50, ...filter });
    return page.items.map((item) => item.id);
  };

  // Catches: the `seq` guard of the upsert.
  it('keeps the newest version in whatever order versions arrive', async () => {
    await world.history.save([snapshot('v', { seq: 3, status: 'approved', endedAt: ago(0) })]);
    await world.history.save([snapshot('v', { seq: 2 }), snapshot('w', { seq: 1 })]);
    await world.history.save([snapshot('v', { seq: 3, status: 'failed' })]);
    expect(await world.history.find('app', 'v')).toMatchObject({ seq: 3, status: 'approved' });
    expect(await world.history.find('app', 'w')).toMatchObject({ seq: 1 });
  });

  it('gives back what was saved, with the time of the database', async () => {
    const saved = snapshot('v');
    await world.history.save([saved]);
    expect(await world.history.find('app', 'v')).toEqual({ ...saved, now: expect.any(Date) });
  });

  it('shows nothing of another application', async () => {
    await world.history.save([snapshot('v')]);
    expect(await world.history.find('other', 'v')).toBeNull();
    expect(await ids({}, 'other')).toEqual([]);
  });

  // Catches: setting personal data again with every copy.
  it('does not bring back personal data or a recipient with a later version', async () => {
    await world.history.save([snapshot('v', { createdAt: ago(40 * DAY_MS) })]);
    await world.history.erasePersonal(['v']);
    await world.history.removeRecipients(31, null, 10);
    await world.history.save([snapshot('v', { seq: 2, status: 'approved' })]);
    expect(await world.history.find('app', 'v')).toMatchObject({
      seq: 2,
      status: 'approved',
      personal: null,
      recipient: null,
      slotId: '',
    });
  });

  describe('expiry', () => {
    beforeEach(() =>
      world.history.save([
        snapshot('live'),
        snapshot('lapsed', { expiresAt: ago(1) }),
        snapshot('expired', { status: 'expired', expiresAt: ago(1), endedAt: ago(1) }),
        snapshot('approved', { status: 'approved', expiresAt: ago(1), endedAt: ago(500) }),
      ]),
    );

    it('is read from the time, job or not', async () => {
      const lapsed = (await world.history.find('app', 'lapsed'))!;
      expect(lapsed.status).toBe('expired');
      expect(lapsed.endedAt).toEqual(lapsed.expiresAt);
      expect(await world.history.find('app', 'live')).toMatchObject({ status: 'pending', endedAt: null });
    });

    it('counts in filters as well', async () => {
      expect(await ids({ status: 'pending' })).toEqual(['live']);
      expect((await ids({ status: 'expired' })).sort()).toEqual(['expired', 'lapsed']);
      expect(await ids({ status: 'approved' })).toEqual(['approved']);
    });
  });

  it('filters by recipient, purpose and time of creation', async () => {
    const at = (day: number) => new Date(Date.UTC(2026, 0, day));
    await world.history.save([
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
    await world.history.save(all.map((id, n) => snapshot(id, n < 15 ? { createdAt } : {})));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await world.history.list('app', { limit: 4, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toHaveLength(23);
    expect([...seen].sort()).toEqual(all);
  });

  it.each(['x', '', 'e30', '{}'])('refuses %j as a cursor and names it', async (cursor) => {
    await expect(world.history.list('app', { limit: 5, cursor })).rejects.toMatchObject({
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
    await world.history.save(['a', 'b', 'c'].map((id) => snapshot(id, { createdAt })));
    await world.history.save([snapshot('d', { createdAt: ago(30 * DAY_MS) })]);
    const first = await world.history.removeRecipients(31, null, 2);
    expect(first).toEqual({ done: 2, last: { createdAt, id: 'b' } });
    const second = await world.history.removeRecipients(31, first.last, 2);
    expect(second).toMatchObject({ done: 1, last: { id: 'c' } });
    expect(await world.history.removeRecipients(31, second.last, 2)).toEqual({ done: 0, last: second.last });
    const withRecipient = (await world.copies()).filter((copy) => 'recipient' in copy);
    expect(withRecipient.map((copy) => copy._id)).toEqual(['d']);
  });

  it('deletes the oldest in batches', async () => {
    await world.history.save(['a', 'b', 'c'].map((id) => snapshot(id, { createdAt: ago(401 * DAY_MS) })));
    await world.history.save([snapshot('d', { createdAt: ago(399 * DAY_MS) })]);
    expect(await world.history.deleteOlderThan(400, 2)).toBe(2);
    expect(await world.history.deleteOlderThan(400, 2)).toBe(1);
    expect(await world.history.deleteOlderThan(400, 2)).toBe(0);
    expect((await world.copies()).map((copy) => copy._id)).toEqual(['d']);
  });
});
