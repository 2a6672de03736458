import { useDatabase } from '../../test/support/mongo';

describe('the connection for slot operations', () => {
  const database = useDatabase();

  it('writes and reads', async () => {
    const things = database.durableDb.collection<{ _id: string; at?: Date }>('things');
    await things.updateOne({ _id: 'a' }, [{ $set: { at: '$$NOW' } }], { upsert: true });
    expect(await things.findOne({ _id: 'a' })).toMatchObject({ at: expect.any(Date) });
    await database.connection.collection('things').insertOne({ b: 1 });
    expect(await things.countDocuments()).toBe(2);
  });
});
