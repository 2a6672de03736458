import { randomInt } from 'node:crypto';
import { useDatabase } from '../support/mongo';
import { runKillCampaign } from './kill-campaign';

/**
 * Forty kills; `npm run faults -- --cycles 1000` runs as many as one likes. What each broken promise stands
 * for, and which guard it was seen to miss, is told in `invariants.spec.ts` and in the README of this folder.
 */
describe('SIGKILL of the app at random moments under load', () => {
  const database = useDatabase();

  it('loses nothing that anybody was told', async () => {
    const seed = randomInt(1_000_000);
    const report = await runKillCampaign({ mongoUri: database.uri, cycles: 40, clients: 8, seed });
    console.log({ seed, ...report });
    expect(report.broken).toEqual([]);
    expect(report.verifications).toBeGreaterThan(200);
  }, 300_000);
});
