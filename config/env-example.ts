import { type EnvName, envNames, envSchema } from './env';
import { type EventSinkRegistry, eventSinkVariables } from './event-sink-env';
import { type GatewayRegistry, gatewayVariables } from './gateway-env';
import type { PluginVariable } from './plugin-env';
import { type RiskCheckRegistry, riskCheckVariables } from './risk-check-env';

const HEADER = `# Settings of Sixdigit. Copy this file to .env and uncomment what you change; variables of the environment win
# over the file. An empty value counts as unset. A value with spaces or # needs quotes; one with
# double quotes of its own needs single ones around it: SMS_SMTP_FROM='"Acme" <no-reply@acme.example>'
# Generated from the schemas in config/, src/sms/gateways/ and src/limits/risk/checks/ by: npm run gen
`;

const LINE = 110;

/** After which variable the settings of the gateways are listed. */
const GATEWAYS_FOLLOW: EnvName = 'SANDBOX';
/** The same of the risk checks. */
const CHECKS_FOLLOW: EnvName = 'THROTTLE_PER_SECOND';
/** The same of event sinks. */
const SINKS_FOLLOW: EnvName = 'PLUGINS';

/**
 * The text of `.env.example`, and, given the registries of an installation with plug-ins, of the help for its `.env`:
 * every variable with meaning and default, in the order of the documentation.
 */
export function renderEnvExample(
  gateways: GatewayRegistry,
  checks: RiskCheckRegistry,
  sinks: EventSinkRegistry = {},
): string {
  const blocks = [HEADER];
  for (const name of envNames) {
    blocks.push(renderVariable(name));
    if (name === GATEWAYS_FOLLOW) blocks.push(...Object.values(gateways).flatMap(renderGateway));
    if (name === CHECKS_FOLLOW) blocks.push(...Object.values(checks).flatMap(renderCheck));
    if (name === SINKS_FOLLOW) blocks.push(...Object.values(sinks).flatMap(renderSink));
  }
  return blocks.join('\n');
}

function renderVariable(name: EnvName): string {
  const schema = envSchema.shape[name];
  const meta = schema.meta() as { description: string; default: string; secret?: true };
  const unset = schema.safeParse(undefined);
  const value = unset.success && unset.data !== undefined ? String(unset.data) : '';
  return render(name, value, meta.description, [
    `Default: ${meta.default}.`,
    ...(meta.secret ? ['Secret.'] : []),
  ]);
}

function renderGateway(gateway: GatewayRegistry[string]): string[] {
  const variables = gatewayVariables(gateway);
  if (variables.length === 0) return [];
  return [comment(`Gateway "${gateway.name}", read when a route names it.`), ...variables.map(renderSetting)];
}

function renderCheck(check: RiskCheckRegistry[string]): string[] {
  const heading = `Risk check "${check.name}", for applications that ask for it in "riskChecks".`;
  return [comment(heading), ...riskCheckVariables(check).map(renderSetting)];
}

function renderSink(sink: EventSinkRegistry[string]): string[] {
  const variables = eventSinkVariables(sink);
  if (variables.length === 0) return [];
  return [comment(`Event sink "${sink.name}".`), ...variables.map(renderSetting)];
}

function renderSetting({ name, description, secret, required, default: value }: PluginVariable): string {
  const marks = [required ? 'Required.' : `Default: ${value ?? 'none'}.`, ...(secret ? ['Secret.'] : [])];
  return render(name, value ?? '', description, marks);
}

function render(name: string, value: string, description: string, marks: string[]): string {
  return `${comment(description)}${comment(marks.join(' '))}# ${name}=${value}\n`;
}

/** Words as comment lines of bounded length. */
function comment(text: string): string {
  let lines = '';
  let line = '#';
  for (const word of text.split(/\s+/)) {
    if (line.length + 1 + word.length > LINE) {
      lines += `${line}\n`;
      line = '#';
    }
    line += ` ${word}`;
  }
  return `${lines}${line}\n`;
}
