import { randomInt } from 'node:crypto';
import { useDatabase } from '../support/mongo';
import { runKillCampaign, VERIFICATIONS_PER_KILL } from './kill-campaign';

/**
 * Ten kills; `npm run faults` runs as many as one likes, and `.ci/run` forty of them. That every kind of broken promise
 * would be found is proved in invariants.spec.ts. Seen to fail
 * - when operations are not told by their id (`alreadyDone` in expressions.ts): guesses are charged twice;
 * - when results are not written down (`record` in deliveries.service.ts): texts are sent again without need;
 * - without the job that takes deliveries over (redispatch.job.ts): codes never arrive.
 */
describe('SIGKILL of the app at random moments under load', () => {
  const database = useDatabase();

  it('loses nothing that anybody was told', async () => {
    const seed = randomInt(1_000_000);
    const report = await runKillCampaign({ mongoUri: database.uri, cycles: 10, clients: 12, seed });
    console.log({ seed, ...report });
    expect(report.broken).toEqual([]);
    expect(report.verifications).toBeGreaterThan(10 * VERIFICATIONS_PER_KILL);
  }, 300_000);
});
