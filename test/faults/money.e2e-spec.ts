import { useDatabase } from '../support/mongo';
import { runMoneyCampaign } from './money-campaign';

const test = useDatabase();

// Catches: tokens that are added before the write is acknowledged, one budget for each process, a credit that comes twice.
it('four processes that are killed while they spend a budget never spend more, and nearly all of it', async () => {
  const report = await runMoneyCampaign({
    mongoUri: test.uri,
    kills: 4,
    limitMicros: 60_000,
    seed: 1,
    pauseMs: 100,
  });
  expect(report.highestMicros).toBeLessThanOrEqual(report.limitMicros);
  // The trap of a campaign in which nothing was spent.
  expect(report.spentMicros).toBeGreaterThan(report.limitMicros * 0.5);
  expect(report.calls).toBeGreaterThan(300);
}, 60_000);
