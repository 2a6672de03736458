import { useDatabase } from '../../../test/support/mongo';
import type { Clock } from '../clock';
import { systemClock } from '../clock';
import { LeaseRepository } from './lease.repository';

const LENGTH_MS = 60_000;

describe('a lease', () => {
  const test = useDatabase();
  const instance = (clock: Clock = systemClock) => new LeaseRepository(test.durableDb, clock);
  const leases = () => test.durableDb.collection<{ _id: string; until: Date; n: number }>('leases');
  const expire = (_id: string) => leases().updateOne({ _id }, { $set: { until: new Date(0) } });

  // Catches: taking it without looking at its end.
  it('is given to one of many, whoever asks first', async () => {
    const instances = Array.from({ length: 20 }, () => instance());
    for (let round = 0; round < 10; round++) {
      const got = await Promise.all(instances.map((one) => one.acquire(`race-${round}`, LENGTH_MS)));
      expect(got.filter(Boolean)).toHaveLength(1);
    }
  });

  it('passes on when it is released or over, with a number that grows', async () => {
    const first = await instance().acquire('a', LENGTH_MS);
    expect(await instance().acquire('a', LENGTH_MS)).toBeNull();
    await instance().release(first!);
    const second = await instance().acquire('a', LENGTH_MS);
    await expire('a');
    const third = await instance().acquire('a', LENGTH_MS);
    expect([first!.n, second!.n, third!.n]).toEqual([1, 2, 3]);
  });

  // Catches: renewing or releasing by name alone.
  it('is lost for good once another has it: no renewal, no release, no bookmark', async () => {
    const old = (await instance().acquire('b', LENGTH_MS))!;
    await expire('b');
    const current = (await instance().acquire('b', LENGTH_MS))!;
    expect(await instance().renew(old)).toBeNull();
    await instance().release(old);
    await instance().saveBookmark(old, 'far');
    expect(await instance().acquire('b', LENGTH_MS)).toBeNull();
    expect(await instance().bookmark('b')).toBeNull();
    expect(await instance().renew(current)).toMatchObject({ n: 2 });
  });

  it('counts for its holder from before it was written, on a clock that never runs backwards', async () => {
    let now = 1_000;
    const holder = instance({ now: () => 0, monotonic: () => now });
    const lease = (await holder.acquire('c', LENGTH_MS))!;
    expect(lease.endsAt).toBe(61_000);
    now = 60_999;
    expect(holder.isValid(lease)).toBe(true);
    expect(holder.isValid(lease, 2)).toBe(false);
    now = 61_000;
    expect(holder.isValid(lease)).toBe(false);
  });

  it('does not outlast its length when the clock of the database was set back', async () => {
    await instance().acquire('d', LENGTH_MS);
    await leases().updateOne({ _id: 'd' }, { $set: { until: new Date(Date.now() + 86_400_000) } });
    expect(await instance().acquire('d', LENGTH_MS)).not.toBeNull();
  });

  it('keeps a bookmark through releases', async () => {
    const lease = (await instance().acquire('e', LENGTH_MS))!;
    await instance().saveBookmark(lease, { id: 'x', createdAt: new Date(5) });
    await instance().release(lease);
    await instance().acquire('e', LENGTH_MS);
    expect(await instance().bookmark('e')).toEqual({ id: 'x', createdAt: new Date(5) });
  });
});
