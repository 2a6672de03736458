import { type EnvName, envNames, envSchema } from './env';
import { type GatewayRegistry, type GatewayVariable, gatewayVariables } from './gateway-env';

const HEADER = `# Settings of Sixdigit. Copy this file to .env and uncomment what you change; variables of the environment win
# over the file. An empty value counts as unset. A value with spaces or # needs quotes; one with
# double quotes of its own needs single ones around it: SMS_SMTP_FROM='"Acme" <no-reply@acme.example>'
# Generated from the schemas in config/ and src/sms/gateways/ by: npm run gen
`;

const LINE = 110;

/** After which variable the settings of the gateways are listed. */
const GATEWAYS_FOLLOW: EnvName = 'SANDBOX';

/** The text of `.env.example`: every variable with meaning and default, in the order of the documentation. */
export function renderEnvExample(gateways: GatewayRegistry): string {
  const blocks = [HEADER];
  for (const name of envNames) {
    blocks.push(renderVariable(name));
    if (name === GATEWAYS_FOLLOW) blocks.push(...Object.values(gateways).flatMap(renderGateway));
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

function renderGateway(gateway: { name: string; config: GatewayRegistry[string]['config'] }): string[] {
  const variables = gatewayVariables(gateway);
  if (variables.length === 0) return [];
  return [comment(`Gateway "${gateway.name}", read when a route names it.`), ...variables.map(renderSetting)];
}

function renderSetting({ name, description, secret, required, default: value }: GatewayVariable): string {
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
