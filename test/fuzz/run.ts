/**
 * `npm run fuzz -- [--requests 1000000] [--clients 24] [--seed 1]`: requests made from `openapi.json` and spoiled. No
 * answer may be 5xx but 503, or other than described; nothing may be logged as an error of the server.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { endWith, withOwnEngine } from '../support/own-engine';
import { type FuzzReport, runFuzz } from './campaign';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    clients: { type: 'string', default: '24' },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
  },
});

/** With fewer calls that succeed, the fuzz has only seen the door. */
const GOOD_SHARE = 0.1;

const goodOf = ({ answers }: FuzzReport): number =>
  Object.values(answers).reduce((sum, [good = 0]) => sum + good, 0);

endWith(
  withOwnEngine('fuzz', { processes: 1, env: { SMS_ROUTES: 'FR:console;*:http' } }, async (engine) => {
    // Written for `import` alone.
    const { createGeneratorSync } = await import('json-schema-faker');
    const [requests, clients, seed] = [Number(values.requests), Number(values.clients), Number(values.seed)];
    console.log(`${requests} requests, ${clients} clients, seed ${seed}`);
    const generator = createGeneratorSync({ seed, maxItems: 3, optionalsProbability: 0.5 });
    const started = performance.now();
    const report = await runFuzz(engine, {
      requests,
      seed,
      clients,
      generate: (schema) => generator.generate({ ...schema }),
      log: console.log,
    });
    const seconds = (performance.now() - started) / 1_000;
    console.table(
      Object.fromEntries(
        Object.entries(report.answers).map(([call, [good, moved, refused, failed]]) => [
          call,
          { good, moved, refused, failed },
        ]),
      ),
    );
    console.log(`statuses: ${JSON.stringify(report.statuses)}`);
    for (const fault of report.faults) console.log(fault);
    console.log(`${report.sent} requests in ${Math.round(seconds)} s, ${report.faults.length} faults`);
    const good = report.sent > 0 ? goodOf(report) / report.sent : 0;
    console.log(`${Math.round(100 * good)} % of the calls did what they asked for`);
    return report.faults.length === 0 && good > GOOD_SHARE;
  }),
);
