/**
 * `npm run simulate -- [--seeds 20] [--no-write]`: attacks and honest traffic against the guard of the product and
 * against three others. Writes the figures and charts of docs/pumping.md; `npm run gen` puts the figures into the page.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign';
import { charts } from './charts';
import { attackTable, promises, trapTable } from './report';

const folder = join(__dirname, '../../docs/pumping');

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '20' }, write: { type: 'boolean', default: true } },
  allowNegative: true,
});

async function main(): Promise<boolean> {
  const figures = runCampaign(Number(values.seeds), ({ title }) => console.error(`done: ${title}`));
  console.log(attackTable(figures));
  console.log(trapTable(figures));
  const kept = promises(figures);
  for (const { text, isKept } of kept) console.log(`${isKept ? 'kept  ' : 'BROKEN'} ${text}`);
  if (values.write) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'figures.json'), `${JSON.stringify(figures, null, 2)}\n`);
    for (const { name, svg } of await charts(figures)) writeFileSync(join(folder, name), svg);
    console.log('written: docs/pumping; now run "npm run gen"');
  }
  return kept.every(({ isKept }) => isKept);
}

main().then(
  (isGood) => process.exit(isGood ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
