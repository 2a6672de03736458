import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayDefinition } from '../src/sms/gateway';

const FOLDER = join(__dirname, '../src/sms/gateways');

/** The names of all gateway files, sorted: every file of the folder that is not a spec is a gateway. */
export function gatewayNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

/** Every gateway's definition, from the files themselves and not from the registry that is made of them. */
export function loadGateways(): Record<string, GatewayDefinition> {
  return Object.fromEntries(gatewayNames().map((name) => [name, loadGateway(name)]));
}

function loadGateway(name: string): GatewayDefinition {
  const loaded = require(join(FOLDER, name)) as { default?: GatewayDefinition };
  const definition = loaded.default;
  if (definition?.name !== name) {
    throw new Error(
      `src/sms/gateways/${name}.ts must export defineGateway({ name: '${name}', … }) as default`,
    );
  }
  return definition;
}

/** The text of `src/sms/gateways.generated.ts`. */
export function renderRegistry(names: readonly string[]): string {
  return [
    '/** Every gateway in `gateways/`, by name. Written by `npm run gen`; do not edit. */',
    "import type { GatewayDefinition } from './gateway';",
    ...names.map((name) => `import ${identifierOf(name)} from './gateways/${name}';`),
    '',
    'export const gateways: Readonly<Record<string, GatewayDefinition>> = {',
    ...names.map((name) => `'${name}': ${identifierOf(name)},`),
    '};',
    '',
  ].join('\n');
}

/** `vonage-sms` → `vonageSmsGateway`; the ending keeps `console` from hiding the global. */
function identifierOf(name: string): string {
  return `${name.replace(/-(\w)/g, (_match, letter: string) => letter.toUpperCase())}Gateway`;
}
