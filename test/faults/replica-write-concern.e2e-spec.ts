import { mongo } from 'mongoose';
import { newId } from '../../src/common/ids';
import { openDurableClient } from '../../src/database/durable-connection';
import { directUri } from '../../src/database/mongod/mongod-address';
import type { Slot } from '../../src/otp/slots/slot';
import { SLOTS } from '../../src/otp/slots/slot.schema';
import { aCheck, aCreate, another, RIGHT, WRONG } from '../builders/slot-commands.builder';
import { TestReplicaSet } from '../support/replica-set';
import { SlotInstance, storedSlot } from '../support/slot-instance';

const DATABASE = 'concern';
const portsOf = (set: TestReplicaSet) => [...set.uri().matchAll(/:(\d+)/g)].map(([, port]) => Number(port));

/**
 * A primary that cannot reach a majority any more, and dies. Seen to fail without the look at the write-concern error
 * (`isConcernFailed`: approved, and gone with the primary), and with local reads in the repository (the second
 * instance tells what only the primary has).
 */
describe('three mongod: the majority stops following, then the primary is killed', () => {
  let set: TestReplicaSet;
  const clients: mongo.MongoClient[] = [];

  beforeAll(async () => {
    set = await TestReplicaSet.start(3);
  }, 60_000);
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await set.stop();
  });

  const instance = async (): Promise<SlotInstance> => {
    const client = await openDurableClient(set.uri(DATABASE));
    clients.push(client);
    return new SlotInstance(client.db(DATABASE));
  };
  const ask = async <T>(port: number, question: (client: mongo.MongoClient) => Promise<T>): Promise<T> => {
    const client = new mongo.MongoClient(directUri({ port }), { readPreference: 'primaryPreferred' });
    try {
      return await question(client);
    } finally {
      await client.close();
    }
  };
  /** Its heartbeats go on, so the primary stays one; but it writes nothing down. */
  const stopFollowing = (port: number) =>
    ask(port, (client) => client.db('admin').command({ fsync: 1, lock: true }));
  const localStatus = (port: number, slotId: string) =>
    ask(port, async (client) => {
      const slots = client.db(DATABASE).collection<Slot>(SLOTS);
      return (await slots.findOne({ _id: slotId }, { readConcern: 'local' }))?.current.status;
    });

  it('nothing that was only local is ever told; repeated on the new primary, each takes effect once', async () => {
    const [a, b] = [await instance(), await instance()];
    const [approved, missed, replaced] = [aCreate(), aCreate(), aCreate()];
    for (const command of [approved, missed, replaced]) await a.create(command);
    const primary = await set.primaryPort();
    const secondaries = portsOf(set).filter((port) => port !== primary);
    for (const port of secondaries) await stopFollowing(port);

    const ops = { approve: newId(), miss: newId() };
    const again = another(replaced);
    const calls = (one: SlotInstance) => [
      () => one.check(approved.slot._id, aCheck(approved, RIGHT, ops.approve)),
      () => one.check(missed.slot._id, aCheck(missed, WRONG, ops.miss)),
      () => one.create(again),
    ];
    const told = Promise.allSettled(calls(a).map((call) => call()));
    // Once the primary has it, another instance asks: no answer, least of all `ended, approved`.
    while ((await localStatus(primary, approved.slot._id)) !== 'approved');
    const asked = Promise.allSettled([
      b.check(approved.slot._id, aCheck(approved)),
      b.check(replaced.slot._id, aCheck(again)),
    ]);
    const unavailable = { reason: { code: 'unavailable' } };
    expect(await told).toMatchObject([unavailable, unavailable, unavailable]);
    expect(await asked).toMatchObject([unavailable, { value: { kind: 'not_found' } }]);

    // What they have received and not written down dies with them.
    for (const port of secondaries) await set.kill(port);
    await set.kill(primary);
    await Promise.all(secondaries.map((port) => set.restart(port)));
    const db = clients[1]!.db(DATABASE);
    expect((await storedSlot(db, approved.slot._id)).current).toMatchObject({
      status: 'pending',
      checksUsed: 0,
    });

    for (const one of [b, a, b]) {
      const answers = [];
      for (const call of calls(one)) answers.push(await call());
      expect(answers).toMatchObject([
        { kind: 'approved' },
        { kind: 'wrong' },
        { kind: 'started', verificationId: again.record.id },
      ]);
    }
    const slots = await Promise.all([approved, missed, replaced].map(({ slot }) => storedSlot(db, slot._id)));
    expect(
      slots.map(({ ops: done, current, past }) => [done.length, current.checksUsed, past.length]),
    ).toEqual([
      [2, 1, 0],
      [2, 1, 0],
      [2, 0, 1],
    ]);
  }, 60_000);
});
