import { useDatabase } from '../../../test/support/mongo';
import { limitsInstance, stopInstances } from '../../../test/support/limits-instance';
import type { LogRecord } from './entry';
import type { LimitLog } from './limit-log.service';
import { LIMIT_LOG } from './limit-log.repository';

const mongo = useDatabase();
const pages = () => mongo.durableDb.collection<{ _id: number; purgeAt?: Date }>(LIMIT_LOG);
afterEach(async () => {
  await stopInstances();
  await pages().deleteMany({});
});

let next = 1;
/** @param keys how large it is */
const record = (keys = 1): LogRecord => ({
  kind: 'send',
  at: Date.now(),
  keys: Array.from({ length: keys }, () => next++),
  windows: [],
});

const added = (log: LimitLog, one: LogRecord): Promise<void> =>
  new Promise((landed, failed) => log.add({ record: one, landed, failed }));

/** All that an instance hears of, its own included. */
async function anInstance() {
  const instance = await limitsInstance(mongo.durableDb);
  const heard: number[] = [];
  instance.log.onRecord(({ keys }) => heard.push(...keys));
  return { ...instance, heard };
}

const FULL = 200;

describe('the log', () => {
  it('tells everybody what others added, in one order, before their own lands', async () => {
    const [one, other] = [await anInstance(), await anInstance()];
    const records = Array.from({ length: 30 }, () => record());
    await Promise.all(records.map((each, index) => added(index % 2 ? one.log : other.log, each)));
    await added(one.log, record());
    await added(other.log, record());
    const keys = records.map(({ keys: [key] }) => key);
    expect([...one.heard, ...other.heard].filter((key) => keys.includes(key)).sort()).toEqual(
      [...keys].sort(),
    );
  });

  // Catches: a page that is turned while another process still adds to it, or an entry that is skipped at the turn.
  it('goes on over pages, and loses nothing at the turn', async () => {
    const instances = await Promise.all([1, 2, 3].map(anInstance));
    const all: LogRecord[] = [];
    for (let round = 0; round < 60; round++) {
      const records = instances.map(() => record(FULL));
      all.push(...records);
      await Promise.all(records.map((each, index) => added(instances[index]?.log as LimitLog, each)));
    }
    expect(await pages().countDocuments()).toBeGreaterThan(4);
    const late = await anInstance();
    for (const { log } of [...instances, late]) await added(log, record());
    const total = all.length * FULL;
    // Everybody hears what the two others added, once; of the closing records those that came before its own.
    for (const { heard } of instances) {
      expect(new Set(heard).size).toBe(heard.length);
      expect(Math.floor(heard.length / FULL) * FULL).toBe((total * 2) / 3);
    }
  });

  // Catches: a process that slept while its page was deleted, and begins a second log beside the first.
  it('is read anew by a process whose page was deleted meanwhile', async () => {
    const [sleeper, other] = [await anInstance(), await anInstance()];
    let restarts = 0;
    sleeper.log.onRestart(() => (restarts += 1));
    await added(sleeper.log, record());
    for (let n = 0; n < 40; n++) await added(other.log, record(FULL));
    await pages().deleteOne({ _id: 1 });
    const before = (await pages().find().toArray()).length;
    await added(sleeper.log, record());
    expect(restarts).toBe(1);
    expect(await pages().countDocuments()).toBe(before);
    await added(other.log, record());
    expect(other.heard.at(-1)).toBe(next - 2);
  });

  // Catches: a process that stands behind the end of a restored log, and refuses every send until it is restarted.
  it('is read anew when the database was put back to an earlier state', async () => {
    const { log } = await anInstance();
    let restarts = 0;
    log.onRestart(() => (restarts += 1));
    await added(log, record());
    const earlier = await pages().findOne({ _id: 1 });
    for (let n = 0; n < 5; n++) await added(log, record());
    await pages().replaceOne({ _id: 1 }, earlier ?? {});
    await expect(added(log, record())).rejects.toThrow('changed by somebody else');
    await added(log, record());
    expect(restarts).toBe(1);
  });

  it('deletes full pages when nothing in them counts any more, and never the last', async () => {
    const { log } = await anInstance();
    for (let n = 0; n < 60; n++) await added(log, record(FULL));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const all = await pages().find().sort({ _id: 1 }).toArray();
    expect(
      all.slice(0, -1).map(({ purgeAt }) => (purgeAt?.getTime() ?? 0) > Date.now() + 80_000_000),
    ).toEqual(all.slice(1).map(() => true));
    expect(all.at(-1)?.purgeAt).toBeUndefined();
  });

  it('takes along what nobody waits for, and writes it alone when nothing else comes', async () => {
    const { log, store } = await anInstance();
    await added(log, record());
    const { appends } = store;
    const landed = new Promise<void>((resolve) => log.add({ record: record(), landed: resolve }, true));
    await added(log, record());
    await landed;
    expect(store.appends).toBe(appends + 1);
    await new Promise<void>((resolve) => log.add({ record: record(), landed: resolve }, true));
    expect(store.appends).toBe(appends + 2);
  });

  it('goes on after an entry that this build cannot read', async () => {
    const [one, other] = [await anInstance(), await anInstance()];
    await added(one.log, record());
    await pages().updateOne(
      {},
      {
        $push: { e: Buffer.from([99, 0]) },
        $inc: { n: 1, bytes: 2 },
      },
    );
    await added(one.log, record());
    await added(other.log, record());
    expect(other.heard.at(-1)).toBe(next - 2);
  });
});
