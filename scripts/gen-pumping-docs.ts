import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CampaignFigures } from '../bench/simulate/campaign';
import type { Flood } from '../bench/simulate/flood';
import { attackTable, trapTable } from '../bench/simulate/report';
import { levels, mostWindow, windows, type Level } from '../src/limits/pumping/rules';
import { replacePart, row, table } from './markdown';

const names: Readonly<Record<Level, string>> = {
  prefix1k: 'block of 1,000 numbers',
  prefix10k: 'block of 10,000 numbers',
  operator: 'operator range, a million numbers',
  country: 'country',
  application: 'application',
};

/** `docs/pumping.md` with its tables made new: the windows from the rules, the figures from the last simulation. */
export function renderPumpingDocs(text: string): string {
  const path = 'docs/pumping.md';
  const rows = levels.map((level) => row(names[level], String(windows[level]), String(mostWindow[level])));
  const head = ['prefix', 'window', 'at most, where few codes are typed or many are usual'];
  const withWindows = replacePart({ path, text }, 'windows', table(head, rows));
  return replacePart({ path, text: withWindows }, 'figures', renderFigures());
}

function renderFigures(): string {
  const file = join(__dirname, '../docs/pumping/figures.json');
  if (!existsSync(file)) return 'Run `npm run simulate` first.\n';
  const figures = JSON.parse(readFileSync(file, 'utf8')) as CampaignFigures & { flood: Flood };
  const { prefixes, kept, heapMb } = figures.flood;
  return [
    `Over ${figures.seeds} seeds; three figures are median / 95th percentile / most.\n`,
    `**Attacks**: messages that got through, and people who were refused meanwhile.\n`,
    attackTable(figures),
    '**Honest traffic**: messages of people that were refused, in percent.\n',
    trapTable(figures),
    `**A flood of prefixes**: after one message to each of ${prefixes.toLocaleString('en')} blocks the guard holds`,
    `${kept.toLocaleString('en')} entries in ${heapMb} MB, as many as it ever holds.\n`,
  ].join('\n');
}
