import mongoose, { type Connection, type Model } from 'mongoose';
import { useDatabase } from '../../../test/support/mongo';
import { RISK_REDEMPTIONS, redemptionSchema, type Redemption } from './redemption.schema';
import { RedemptionsRepository } from './redemptions.repository';

const db = useDatabase();

describe('the use of a challenge', () => {
  const others: Connection[] = [];
  const aRepository = async (): Promise<RedemptionsRepository> => {
    const connection = await mongoose.createConnection(db.uri).asPromise();
    others.push(connection);
    const model = connection.model(RISK_REDEMPTIONS, redemptionSchema) as unknown as Model<Redemption>;
    return new RedemptionsRepository(model);
  };
  afterAll(() => Promise.all(others.map((connection) => connection.close())));

  // Catches: a look-up before the write, a set in memory, an upsert whose answer is not looked at.
  it('is one caller’s alone, of many at once on two instances', async () => {
    const [one, two] = [await aRepository(), await aRepository()];
    for (let round = 0; round < 5; round += 1) {
      const tries = Array.from({ length: 20 }, (_, at) => (at % 2 ? one : two).redeem(`puzzle-${round}`));
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    }
    expect(await one.redeem('puzzle-0')).toBe(false);
  });

  it('is remembered for longer than a challenge lives, by the clock of the database, and not for ever', async () => {
    const repository = await aRepository();
    await repository.redeem('remembered');
    const model = others[0]?.model(RISK_REDEMPTIONS, redemptionSchema);
    await model?.createIndexes();
    const indexes = await model?.collection.indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { at: 1 }, expireAfterSeconds: 7_200 }));
    const stored = await model?.collection.findOne({ _id: 'remembered' as never });
    expect(stored?.['at']).toBeInstanceOf(Date);
  });
});
