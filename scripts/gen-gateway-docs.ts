import { gatewayVariables } from '../config/gateway-env';
import { defaultLimits, type GatewayDefinition } from '../src/sms/gateway';
import type { Validity } from '../src/sms/validity';
import { replacePart, row, table } from './markdown';
import { renderSettings } from './settings-table';

export type DocumentedGateways = Readonly<Record<string, GatewayDefinition>>;

/** The generated parts of `docs/gateways.md`; what stands around them is written by hand. */
const parts: Readonly<Record<string, (gateways: readonly GatewayDefinition[]) => string>> = {
  overview: renderOverview,
  gateways: (gateways) => gateways.map(renderGateway).join('\n'),
};

/** `docs/gateways.md` with its generated parts made new. */
export function renderGatewayDocs(current: string, gateways: DocumentedGateways): string {
  const all = Object.values(gateways);
  return Object.entries(parts).reduce(
    (text, [name, render]) => replacePart({ path: 'docs/gateways.md', text }, name, render(all)),
    current,
  );
}

function renderOverview(gateways: readonly GatewayDefinition[]): string {
  const rows = gateways.map((gateway) => {
    const { name, docs, channels = ['sms'] } = gateway;
    return row(
      `[\`${name}\`](#${name})`,
      docs.title,
      channels.join(', '),
      isReporting(gateway) ? 'yes' : 'no',
    );
  });
  return table(['gateway', 'product', 'channels', 'receipts'], rows);
}

/** Its own words: a gateway without receipts says so first. */
function isReporting({ docs }: GatewayDefinition): boolean {
  return !/^none\b/i.test(docs.receipts);
}

function renderGateway(gateway: GatewayDefinition): string {
  const { name, docs, channels = ['sms'] } = gateway;
  const { maxCharacters, inFlight } = { ...defaultLimits, ...gateway.limits };
  const limits = `texts up to ${maxCharacters} characters; ${inFlight} calls at a time and instance`;
  return [
    `### ${name}\n`,
    `${docs.title}. Channels: ${channels.join(', ')}. Limits: ${limits}.\n`,
    `**Late messages.** ${renderValidity(gateway)}\n`,
    `**Receipts.** ${docs.receipts}\n`,
    `**Verified.** ${docs.verified}\n`,
    renderSettings(gatewayVariables(gateway)),
  ].join('\n');
}

/** Channels with the same words in one sentence. */
function renderValidity({ validity }: GatewayDefinition): string {
  const byText = new Map<string, string[]>();
  for (const [channel, one] of Object.entries(validity)) {
    const text = validityText(one);
    byText.set(text, [...(byText.get(text) ?? []), channel]);
  }
  return Array.from(byText, ([text, channels]) => `${channels.join(', ')}: ${text}`).join(' ');
}

function validityText(validity: Validity): string {
  if ('none' in validity) return `the vendor is told no limit. ${validity.none}`;
  const { field, minSeconds, maxSeconds, stepSeconds } = validity;
  const step = stepSeconds === 60 ? ', in whole minutes' : '';
  return `\`${field}\`, ${minSeconds} to ${maxSeconds} s${step}.`;
}
