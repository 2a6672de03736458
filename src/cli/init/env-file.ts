/** The text of a new `.env`: the one with all settings and their meaning, in which some have a value. */
import { readAccounts, vendorOf } from '../../../config/accounts';
import { type EnvName, envSchema } from '../../../config/env';
import { renderEnvExample } from '../../../config/env-example';
import { gatewayVariables } from '../../../config/gateway-env';
import { gatewaysOf, parseRoutes } from '../../../config/routes';
import type { Extensions } from '../../plugins/extensions';
import { settingsOf } from '../../plugins/extensions';

export type Values = Readonly<Partial<Record<EnvName, string>>>;

/** What is wrong with values, each as `NAME: remedy`. */
export function problemsOf(values: Values, { gateways }: Extensions): string[] {
  const wrong = (Object.keys(values) as EnvName[]).flatMap((name) => {
    const parsed = envSchema.shape[name].safeParse(values[name]);
    return parsed.success ? [] : parsed.error.issues.map(({ message }) => `${name}: ${message}`);
  });
  if (values.SMS_ROUTES === undefined) return wrong;
  const known = readAccounts(values, gateways);
  const routes = parseRoutes(values.SMS_ROUTES, Object.keys(known.gateways));
  return [
    ...wrong,
    ...known.problems,
    ...(routes.ok ? [] : routes.problems.map((problem) => `SMS_ROUTES: ${problem}`)),
  ];
}

/** The variables that the gateways of these routes cannot do without: to be filled in by the operator. */
export function missingVariables(values: Values, extensions: Extensions): string[] {
  return routedGateways(values, extensions).flatMap((gateway) =>
    gatewayVariables(gateway).flatMap(({ name, required }) => (required ? [name] : [])),
  );
}

/** Of the gateways only those that a route names: the others would fill pages. */
export function renderEnvFile(values: Values, extensions: Extensions): string {
  const routed = routedGateways(values, extensions);
  const { riskChecks, eventSinks } = settingsOf(extensions);
  const all = renderEnvExample(
    Object.fromEntries(routed.map((gateway) => [gateway.name, gateway])),
    riskChecks,
    eventSinks,
  );
  const empty = Object.fromEntries(missingVariables(values, extensions).map((name) => [name, '']));
  return Object.entries({ ...empty, ...values }).reduce(
    (text, [name, value]) => withValue(text, name, value),
    all,
  );
}

function routedGateways(values: Values, { gateways }: Extensions) {
  const routes = values.SMS_ROUTES === undefined ? null : parseRoutes(values.SMS_ROUTES, null);
  const names = routes?.ok === true ? gatewaysOf(routes.routes) : [];
  return names.flatMap((name) => {
    const definition = gateways[vendorOf(name)];
    return definition ? [{ ...definition, name }] : [];
  });
}

/** In place of the commented line of this variable. */
function withValue(text: string, name: string, value: string): string {
  return text.replace(new RegExp(`^# ${name}=.*$`, 'm'), () => `${name}=${quoted(value)}`);
}

/** As a reader of `.env` files takes it for the same value. */
export function quoted(value: string): string {
  if (/^[\w@%+=:,./*|;~?&!()[\]{}<>^-]*$/.test(value)) return value;
  const quote = [`'`, '`', '"'].find((sign) => !value.includes(sign));
  if (quote === undefined || /[\r\n]/.test(value)) throw new Error('a value that no .env can hold');
  return `${quote}${value}${quote}`;
}
