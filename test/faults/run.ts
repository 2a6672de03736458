/** `npm run faults -- --cycles 1000 [--clients 8] [--seed 1]`: the kill campaign of `npm test`, for as long as one likes. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { endWith, withOwnMongod } from '../support/own-engine';
import { runKillCampaign, VERIFICATIONS_PER_KILL } from './kill-campaign';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '1000' },
    clients: { type: 'string', default: '8' },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
  },
});

endWith(
  withOwnMongod('faults', async (mongoUri) => {
    const [cycles, clients, seed] = [Number(values.cycles), Number(values.clients), Number(values.seed)];
    console.log(`${cycles} kills, ${clients} clients, seed ${seed}`);
    const report = await runKillCampaign({ mongoUri, cycles, clients, seed, log: console.log });
    console.log(JSON.stringify(report, null, 2));
    return report.broken.length === 0 && report.verifications > cycles * VERIFICATIONS_PER_KILL;
  }),
);
