/** `npm run faults:limits -- --kills 200 [--processes 4]`: the limits of `npm test` under kills, for as long as one likes. */
import { parseArgs } from 'node:util';
import { endWith, withOwnMongod } from '../support/own-engine';
import { runLimitsCampaign } from './limits-campaign';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, processes: { type: 'string', default: '4' } },
});

endWith(
  withOwnMongod('limits', async (uri) => {
    const [kills, processes] = [Number(values.kills), Number(values.processes)];
    // As many keys as are used up at about the last kill.
    const keys = kills * 8;
    const name = 'limits';
    const report = await runLimitsCampaign({
      uri,
      database: name,
      processes,
      kills,
      keys,
      max: 20,
      pauseMs: 500,
      enough: 1,
    });
    const total = [...report.sends.values()].reduce((sum, count) => sum + count, 0);
    console.log(`${report.kills} kills, ${total} sends, ${report.nearlyFull} of ${keys} limits used up`);
    console.log(report.over.length === 0 ? 'no limit was passed' : report.over.join('\n'));
    return report.over.length === 0 && report.nearlyFull > 0;
  }),
);
