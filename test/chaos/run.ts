/** `npm run chaos -- [--deliveries 5000] [--per-second 40] [--seed 1]`: gateways with bad days in full, and what fail-over costs. */
import { parseArgs } from 'node:util';
import { measureFailover, runGatewayChaos, troubleApart, troubleEverywhere } from './gateway-chaos';

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '5000' },
    'per-second': { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
  },
});

async function run(): Promise<boolean> {
  const [deliveries, perSecond, seed] = [
    Number(values.deliveries),
    Number(values['per-second']),
    Number(values.seed),
  ];
  const failover = await measureFailover(deliveries, perSecond);
  console.log('from a definite refusal to the next gateway, ms:', failover);
  const apart = await runGatewayChaos({ ...troubleApart, deliveries, perSecond, seed });
  console.log('one dead, one silent (30 %), one failing (20 %):', apart);
  const everywhere = await runGatewayChaos({ ...troubleEverywhere, deliveries, perSecond, seed });
  console.log('one dead, two that are silent (30 %) and fail (20 %):', everywhere);
  return apart.toldAcceptedIn10s >= 0.999 && apart.differentCodes + everywhere.differentCodes === 0;
}

run().then(
  (isGood) => process.exit(isGood ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
