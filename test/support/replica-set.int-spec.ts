import { openDurableClient } from '../../src/database/durable-connection';
import { TestReplicaSet } from './replica-set';

describe('the replica set of the tests', () => {
  it('elects another primary when the first is killed or paused, and the client for slots follows', async () => {
    const set = await TestReplicaSet.start();
    const client = await openDurableClient(set.uri('x'));
    try {
      const things = client.db('x').collection<{ _id: number }>('things');
      await things.insertOne({ _id: 1 });
      const killed = await set.kill();
      expect(await set.primaryPort()).not.toBe(killed);
      await things.insertOne({ _id: 2 });
      await set.restart(killed);
      const paused = await set.pause();
      expect(await set.primaryPort()).not.toBe(paused);
      set.resume(paused);
      expect(await things.countDocuments()).toBe(2);
    } finally {
      await client.close();
      await set.stop();
    }
  });
});
