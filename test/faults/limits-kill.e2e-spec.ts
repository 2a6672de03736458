import { useDatabase } from '../support/mongo';
import { runLimitsCampaign } from './limits-campaign';

const mongo = useDatabase();

// Catches: a decision that does not read what others added before; counts that are not read again after a start;
// charges that are written after the effect.
it('limits hold over processes that are killed', async () => {
  const report = await runLimitsCampaign({
    uri: mongo.uri,
    database: mongo.name,
    processes: 3,
    kills: 3,
    keys: 30,
    max: 20,
    pauseMs: 700,
  });
  expect(report.over).toEqual([]);
  // Nothing is proven where no limit was reached.
  expect(report.nearlyFull).toBeGreaterThan(20);
}, 120_000);
