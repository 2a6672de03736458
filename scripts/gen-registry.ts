import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RiskCheckDefinition } from '../src/limits/risk/check';
import type { GatewayDefinition } from '../src/sms/gateway';

/** A folder of plug-ins, one file each, and the registry that is written beside it. */
interface PluginFolder {
  /** From the root of the repository. */
  readonly path: string;
  readonly defined: string;
  readonly type: string;
  /** Beside the folder: where the type is. */
  readonly port: string;
  readonly constant: string;
  /** Ends identifiers, so that a plug-in's name hides no global, as `console` would. */
  readonly ending: string;
}

export const gatewayFolder: PluginFolder = {
  path: 'src/sms/gateways',
  defined: 'defineGateway',
  type: 'GatewayDefinition',
  port: 'gateway',
  constant: 'gateways',
  ending: 'Gateway',
};

export const riskCheckFolder: PluginFolder = {
  path: 'src/limits/risk/checks',
  defined: 'defineRiskCheck',
  type: 'RiskCheckDefinition',
  port: 'check',
  constant: 'checks',
  ending: 'Check',
};

/** The names of all plug-ins, sorted: every file of the folder that is not a spec is one. */
export function pluginNames({ path }: PluginFolder): string[] {
  return readdirSync(join(__dirname, '..', path))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

/** Every gateway's definition, from the files themselves and not from the registry that is made of them. */
export function loadGateways(): Record<string, GatewayDefinition> {
  return loadAll(gatewayFolder) as Record<string, GatewayDefinition>;
}

/** The same of risk checks. */
export function loadRiskChecks(): Record<string, RiskCheckDefinition> {
  return loadAll(riskCheckFolder) as Record<string, RiskCheckDefinition>;
}

interface Named {
  readonly name: string;
}

function loadAll(folder: PluginFolder): Record<string, Named> {
  return Object.fromEntries(pluginNames(folder).map((name) => [name, loadPlugin(name, folder)]));
}

function loadPlugin(name: string, { path, defined }: PluginFolder): Named {
  const loaded = require(join(__dirname, '..', path, name)) as { default?: Named };
  const definition = loaded.default;
  if (definition?.name !== name)
    throw new Error(`${path}/${name}.ts must export ${defined}({ name: '${name}', … }) as default`);
  return definition;
}

/** The text of `gateways.generated.ts` or `checks.generated.ts`. */
export function renderRegistry(folder: PluginFolder): string {
  const { type, port, constant } = folder;
  const names = pluginNames(folder);
  return [
    `/** Everything in \`${constant}/\`, by name. Written by \`npm run gen\`; do not edit. */`,
    `import type { ${type} } from './${port}';`,
    ...names.map((name) => `import ${identifierOf(name, folder)} from './${constant}/${name}';`),
    '',
    `export const ${constant}: Readonly<Record<string, ${type}>> = {`,
    ...names.map((name) => `'${name}': ${identifierOf(name, folder)},`),
    '};',
    '',
  ].join('\n');
}

/** `vonage-sms` → `vonageSmsGateway`. */
function identifierOf(name: string, { ending }: PluginFolder): string {
  return `${name.replace(/-(\w)/g, (_match, letter: string) => letter.toUpperCase())}${ending}`;
}
