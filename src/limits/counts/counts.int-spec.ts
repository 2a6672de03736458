import { useDatabase } from '../../../test/support/mongo';
import { aSend, limitsInstance, onlyLimits, stopInstances } from '../../../test/support/limits-instance';
import { LIMIT_LOG } from '../log/limit-log.repository';
import type { CountsService } from './counts.service';

const mongo = useDatabase();
afterEach(async () => {
  await stopInstances();
  await mongo.durableDb.collection(LIMIT_LOG).deleteMany({});
});

const limit = (max: number) => onlyLimits({ l: { by: ['number'], max, windowSeconds: 600 } });
const tried = async (counts: CountsService, times: number, max: number): Promise<number> => {
  const charges = await Promise.all(
    Array.from({ length: times }, () => counts.charge(aSend({ settings: limit(max) }))),
  );
  return charges.filter(({ refused }) => !refused).length;
};

describe('a limit', () => {
  it('lets through exactly as many as it says, and names the first that refuses with what it measured', async () => {
    const { counts } = await limitsInstance(mongo.durableDb);
    expect(await tried(counts, 20, 5)).toBe(5);
    const { refused } = await counts.charge(aSend({ settings: limit(5) }));
    expect(refused).toMatchObject({ rule: 'limits.l', outcome: 'refused', value: 5, limit: 5 });
    const minutes = ((refused?.until?.getTime() ?? 0) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(9);
    expect(minutes).toBeLessThan(11.1);
  });

  // Catches: a decision that does not look at what others added before (the entries of an append are not read).
  it('holds over instances that charge at once', async () => {
    const instances = await Promise.all([1, 2, 3, 4].map(() => limitsInstance(mongo.durableDb)));
    const passed = await Promise.all(instances.map(({ counts }) => tried(counts, 25, 20)));
    expect(passed.reduce((sum, one) => sum + one)).toBe(20);
  });

  it('holds over a restart, and nothing that was refused or given back counts', async () => {
    const first = await limitsInstance(mongo.durableDb);
    const { undo } = await first.counts.charge(aSend({ settings: limit(3) }));
    expect(await tried(first.counts, 10, 3)).toBe(2);
    undo();
    await first.log.beforeApplicationShutdown();
    const second = await limitsInstance(mongo.durableDb);
    expect(await tried(second.counts, 10, 3)).toBe(1);
  });

  // Catches: a refund that is kept in memory only, or that others count as a charge.
  it('has room at another instance for what was given back here', async () => {
    const [one, other] = [await limitsInstance(mongo.durableDb), await limitsInstance(mongo.durableDb)];
    const { undo } = await one.counts.charge(aSend({ settings: limit(1) }));
    expect(await tried(other.counts, 1, 1)).toBe(0);
    undo();
    await one.log.beforeApplicationShutdown();
    other.skew.ms += 1_000;
    await tried(other.counts, 1, 1);
    await other.log.idle();
    expect(await tried(other.counts, 1, 1)).toBe(1);
  });

  // Catches: a round trip for an application that has no limits.
  it('writes nothing where no limit counts', async () => {
    const { counts, store } = await limitsInstance(mongo.durableDb);
    await counts.charge(aSend());
    const { appends } = store;
    const { refused, undo } = await counts.charge(aSend({ settings: onlyLimits({}) }));
    expect(refused).toBeNull();
    undo();
    expect(store.appends).toBe(appends);
  });

  it('writes nothing for what memory refuses', async () => {
    const { counts, store } = await limitsInstance(mongo.durableDb);
    await tried(counts, 5, 5);
    const { appends } = store;
    expect(await tried(counts, 50, 5)).toBe(0);
    expect(store.appends).toBe(appends);
  });

  it('refuses or lets through what has nothing to count by, as it is set', async () => {
    const { counts } = await limitsInstance(mongo.durableDb);
    const ip = { by: ['ip'], max: 1, windowSeconds: 600 } as const;
    const open = await counts.charge(aSend({ settings: onlyLimits({ l: ip }) }));
    expect(open.refused).toBeNull();
    const closed = onlyLimits({ l: { ...ip, onUnavailable: 'closed' } });
    const { refused } = await counts.charge(aSend({ settings: closed }));
    expect(refused).toMatchObject({ outcome: 'refused', because: 'nothing_to_count_by' });
  });

  it('of one application says nothing about another, unless it counts over the installation', async () => {
    const { counts } = await limitsInstance(mongo.durableDb);
    expect(await tried(counts, 5, 2)).toBe(2);
    const elsewhere = aSend({ applicationId: 'other', settings: limit(2) });
    expect((await counts.charge(elsewhere)).refused).toBeNull();
    const everywhere = onlyLimits({ l: { by: ['number', 'installation'], max: 1, windowSeconds: 60 } });
    expect((await counts.charge(aSend({ settings: everywhere }))).refused).toBeNull();
    const again = await counts.charge(aSend({ applicationId: 'other', settings: everywhere }));
    expect(again.refused).toMatchObject({ rule: 'limits.l' });
  });

  it('is previewed without effect', async () => {
    const { counts, store } = await limitsInstance(mongo.durableDb);
    await tried(counts, 1, 2);
    const { appends } = store;
    for (let n = 0; n < 3; n++)
      expect(await counts.preview(aSend({ settings: limit(2) }))).toMatchObject([
        { outcome: 'allowed', value: 1 },
      ]);
    expect(store.appends).toBe(appends);
  });
});

describe('a code that was typed in', () => {
  const settings = onlyLimits({
    number: { disabled: false, max: 3 },
    ip: { disabled: false, max: 3 },
    country: { disabled: false, max: 9 },
  });
  const send = aSend({ settings, clientIp: '203.0.113.7' });
  const values = async ({ counts }: { counts: CountsService }) =>
    Object.fromEntries((await counts.preview(send)).map(({ rule, value }) => [rule, value]));

  // Catches: an office behind one address that locks itself out by logging in.
  it('clears what is counted by number, gives back its own send elsewhere, and leaves ceilings alone', async () => {
    const [one, other] = [await limitsInstance(mongo.durableDb), await limitsInstance(mongo.durableDb)];
    for (let n = 0; n < 2; n++) await one.counts.charge(send);
    await one.counts.charge({ ...send, number: '+34600123457' });
    const sentAt = new Date(await one.log.now());
    one.counts.confirmed(send, { sentAt, confirmedAt: sentAt });
    const after = { 'limits.number': 0, 'limits.ip': 2, 'limits.country': 3 };
    expect(await values(one)).toEqual(after);
    await one.log.beforeApplicationShutdown();
    await other.counts.charge({
      ...send,
      number: '+34600123458',
      settings: onlyLimits({ number: { disabled: false } }),
    });
    expect(await values(other)).toEqual(after);
  });

  it('or a person that somebody vouches for, is not held up by number any more', async () => {
    const { counts } = await limitsInstance(mongo.durableDb);
    for (let n = 0; n < 3; n++) await counts.charge(send);
    expect((await counts.charge(send)).refused).toMatchObject({ rule: 'limits.number' });
    await counts.clear(send.number, { id: send.applicationId, settings });
    expect(await values({ counts })).toMatchObject({ 'limits.number': 0, 'limits.ip': 3 });
  });
});

describe('a charge whose outcome is not known', () => {
  const lost = async (append: () => Promise<unknown>): Promise<never> => {
    await append();
    throw Object.assign(new Error('connection closed'), { name: 'MongoNetworkError' });
  };
  const never = (): Promise<never> =>
    Promise.reject(Object.assign(new Error('connection refused'), { name: 'MongoNetworkError' }));

  // Catches: memory that keeps or drops a charge whatever the log says.
  it('counts when it is in the log, and does not when it is not', async () => {
    const { counts, store } = await limitsInstance(mongo.durableDb);
    await tried(counts, 1, 9);
    store.scripts.push(lost);
    await expect(counts.charge(aSend({ settings: limit(9) }))).rejects.toThrow('connection closed');
    store.scripts.push(never);
    await expect(counts.charge(aSend({ settings: limit(9) }))).rejects.toThrow('connection refused');
    expect(await tried(counts, 20, 9)).toBe(7);
  });

  // Catches: a refund that is written again, or counted again when it is read, so that one send makes room for two.
  it('is given back once, also when the answer to that is lost', async () => {
    const { counts, log, store } = await limitsInstance(mongo.durableDb);
    const charges = await Promise.all([1, 2, 3].map(() => counts.charge(aSend({ settings: limit(3) }))));
    store.scripts.push(lost);
    charges[0]?.undo();
    await log.beforeApplicationShutdown();
    await counts.charge(aSend({ number: '+34600123457', settings: limit(3) }));
    expect(await tried(counts, 9, 3)).toBe(1);
    expect(await tried((await limitsInstance(mongo.durableDb)).counts, 9, 3)).toBe(0);
  });
});
