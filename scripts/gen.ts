/**
 * `npm run gen` writes every file that is made from others; `npm run gen -- --check` names those that are stale
 * and exits with 1. Add a generated file here, nowhere else.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { renderEnvExample } from '../config/env-example';
import { renderApiReport } from './gen-api';
import { renderCountries } from './gen-countries';
import { renderGatewayDocs } from './gen-gateway-docs';
import { renderCliDocs } from './gen-cli-docs';
import { renderRiskCheckDocs } from './gen-risk-check-docs';
import { renderPumpingDocs } from './gen-pumping-docs';
import { renderSecurityDocs } from './gen-security-docs';
import { gatewayFolder, loadGateways, loadRiskChecks, renderRegistry, riskCheckFolder } from './gen-registry';
import { renderTextsDoc } from './gen-texts';

interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly render: () => string | Promise<string>;
}

const root = join(__dirname, '..');

/** In this order: the OpenAPI file comes from the app, which reads the registry. */
const files: readonly GeneratedFile[] = [
  { path: 'src/sms/gateways.generated.ts', render: () => renderRegistry(gatewayFolder) },
  { path: 'src/limits/risk/checks.generated.ts', render: () => renderRegistry(riskCheckFolder) },
  { path: 'src/openapi/version.generated.ts', render: renderVersion },
  { path: '.env.example', render: () => renderEnvExample(loadGateways(), loadRiskChecks()) },
  { path: 'docs/gateways.md', render: () => renderGatewayDocs(read('docs/gateways.md'), loadGateways()) },
  {
    path: 'docs/risk-checks.md',
    render: () => renderRiskCheckDocs(read('docs/risk-checks.md'), loadRiskChecks()),
  },
  { path: 'docs/command-line.md', render: () => renderCliDocs(read('docs/command-line.md')) },
  { path: 'docs/pumping.md', render: () => renderPumpingDocs(read('docs/pumping.md')) },
  { path: 'docs/security.md', render: () => renderSecurityDocs(read('docs/security.md')) },
  { path: 'docs/texts.md', render: renderTextsDoc },
  { path: 'web/verify/number/countries.generated.ts', render: renderCountries },
  { path: 'openapi.json', render: renderOpenApi },
  { path: 'docs/api/sixdigit.api.md', render: () => renderApiReport('sixdigit') },
  { path: 'docs/api/testing.api.md', render: () => renderApiReport('testing') },
];

/** The built app is in another folder than its `package.json`, so it carries the version with it. */
function renderVersion(): string {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  return `/** Written by \`npm run gen\` from package.json. */\nexport const version = '${version}';\n`;
}

function renderOpenApi(): Promise<string> {
  // Loaded late, because it imports the registry that may only just have been written.
  const openapi = require('./openapi') as { buildOpenApiFile(): Promise<string> };
  return openapi.buildOpenApiFile();
}

function read(path: string): string {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** As prettier would write it, so that formatting never makes a file stale. */
async function textOf(file: GeneratedFile): Promise<string> {
  const { path } = file;
  const text = await file.render();
  if (path.startsWith('.')) return text;
  return format(text, { ...(await resolveConfig(join(root, path))), filepath: path });
}

async function main(check: boolean): Promise<void> {
  const stale: string[] = [];
  for (const file of files) {
    const text = await textOf(file);
    if (text === read(file.path)) continue;
    stale.push(file.path);
    if (!check) writeFileSync(join(root, file.path), text);
  }
  if (check && stale.length > 0) {
    console.error(`stale, run "npm run gen": ${stale.join(', ')}`);
    process.exitCode = 1;
    return;
  }
  console.log(stale.length > 0 ? `written: ${stale.join(', ')}` : 'everything is up to date');
}

void main(process.argv.includes('--check'));
