/**
 * `npm run simulate -- [--seeds 20] [--no-write] [--flood 10000000] [--flood-only]`: attacks and honest traffic against the guard of the product and
 * against three others. Writes the figures and charts of docs/pumping.md; `npm run gen` puts the figures into the page.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CampaignFigures, runCampaign } from './campaign';
import { charts } from './charts';
import { flood } from './flood';
import { attackTable, promises, trapTable } from './report';

const folder = join(__dirname, '../../docs/pumping');
const file = join(folder, 'figures.json');

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    write: { type: 'boolean', default: true },
    flood: { type: 'string', default: '10000000' },
    'flood-only': { type: 'boolean', default: false },
  },
  allowNegative: true,
});

/** The same figures again, or new ones. */
function campaign(): CampaignFigures {
  if (values['flood-only']) return JSON.parse(readFileSync(file, 'utf8')) as CampaignFigures;
  return runCampaign(Number(values.seeds), ({ title }) => console.error(`done: ${title}`));
}

async function main(): Promise<boolean> {
  const figures = { ...campaign(), flood: flood(Number(values.flood)) };
  console.log('a flood of prefixes:', figures.flood);
  console.log(attackTable(figures));
  console.log(trapTable(figures));
  const kept = promises(figures);
  for (const { text, isKept } of kept) console.log(`${isKept ? 'kept  ' : 'BROKEN'} ${text}`);
  if (values.write) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
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
