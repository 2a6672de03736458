import { riskCheckVariables } from '../config/risk-check-env';
import type { RiskCheckDefinition } from '../src/limits/risk/check';
import { replacePart, row, table } from './markdown';
import { renderSettings } from './settings-table';

const PATH = 'docs/risk-checks.md';

/** `docs/risk-checks.md` with its generated parts made new. */
export function renderRiskCheckDocs(
  current: string,
  checks: Readonly<Record<string, RiskCheckDefinition>>,
): string {
  const all = Object.values(checks);
  const overview = replacePart({ path: PATH, text: current }, 'overview', renderOverview(all));
  return replacePart({ path: PATH, text: overview }, 'checks', all.map(renderCheck).join('\n'));
}

function renderOverview(checks: readonly RiskCheckDefinition[]): string {
  const rows = checks.map(({ name, docs, asksThePerson }) =>
    row(`[\`${name}\`](#${name})`, docs.title, asksThePerson ? 'yes' : 'no'),
  );
  return table(['check', 'what', 'asks the person'], rows);
}

function renderCheck(check: RiskCheckDefinition): string {
  const { name, docs } = check;
  return [
    `### ${name}\n`,
    `${docs.title}. ${docs.does}\n`,
    `**Verified.** ${docs.verified}\n`,
    renderSettings(riskCheckVariables(check)),
  ].join('\n');
}
