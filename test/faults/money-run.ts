/**
 * `npm run money -- --traces 100000 --kills 200 [--seed 1]`: the two tests of budgets in their long form. First random
 * traces of the real service over a database that loses answers; then four processes that are killed while they spend.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { endWith, withOwnMongod } from '../support/own-engine';
import { runTrace } from '../support/money-trace';
import { aMoneyTrace } from '../support/money-traces';
import { runMoneyCampaign } from './money-campaign';

const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
  },
});

async function traces(): Promise<boolean> {
  const started = performance.now();
  const property = fc.asyncProperty(aMoneyTrace(), async (trace) => (await runTrace(trace)) === null);
  const details = await fc.check(property, { numRuns: Number(values.traces), seed: Number(values.seed) });
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${details.numRuns} traces in ${seconds} s, seed ${values.seed}`);
  if (details.failed) console.log(JSON.stringify(details.counterexample));
  return !details.failed;
}

/** Between two kills 10,000 are spent, and on a busy machine up to 20,000. */
const MICROS_PER_KILL = 24_000;

async function killed(mongoUri: string): Promise<boolean> {
  const kills = Number(values.kills);
  const terms = { limitMicros: kills * MICROS_PER_KILL, seed: Number(values.seed), pauseMs: 150 };
  const report = await runMoneyCampaign({ mongoUri, kills, ...terms });
  console.log(JSON.stringify(report, null, 2));
  // The traps of a campaign in which nothing was spent, or everything before the last kill.
  const isReached = report.spentMicros > report.limitMicros * 0.5 && report.kills === kills;
  return report.highestMicros <= report.limitMicros && isReached;
}

async function both(): Promise<boolean> {
  const holds = values.traces === '0' || (await traces());
  return (values.kills === '0' || (await withOwnMongod('money', killed))) && holds;
}

endWith(both());
