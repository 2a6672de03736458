/** `npm run chaos -- [--deliveries 5000] [--per-second 40] [--seed 1]`: gateways with bad days in full, and what fail-over costs. */
import { parseArgs } from 'node:util';
import {
  measureFailover,
  persistent,
  runGatewayChaos,
  troubleApart,
  troubleEverywhere,
  type ChaosPlan,
} from './gateway-chaos';

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
  const measured = async (name: string, plan: Pick<ChaosPlan, 'gateways' | 'routes' | 'rules'>) => {
    const report = await runGatewayChaos({ ...plan, deliveries, perSecond, seed });
    console.log(`${name}:`, report);
    return report;
  };
  const apart = await measured('one dead, one silent (30 %), one failing (20 %)', troubleApart);
  const again = await measured('the same, and whoever leaves it open is asked again', {
    ...troubleApart,
    rules: persistent,
  });
  const everywhere = await measured(
    'one dead, two that are silent (30 %) and fail (20 %)',
    troubleEverywhere,
  );
  const everywhereAgain = await measured('the same, and whoever leaves it open is asked again', {
    ...troubleEverywhere,
    rules: persistent,
  });
  const all = [apart, again, everywhere, everywhereAgain];
  return (
    apart.takenIn10s >= 0.999 &&
    again.toldAcceptedIn10s >= 0.999 &&
    Math.max(apart.mostCopies, everywhere.mostCopies) <= 3 &&
    all.every(({ differentCodes }) => differentCodes === 0)
  );
}

run().then(
  (isGood) => process.exit(isGood ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
