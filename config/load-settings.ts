import { join, resolve } from 'node:path';
import { withHiddenFields } from '../src/common/secret';
import { readAccounts } from './accounts';
import { channelNeeds } from './channel-needs';
import { readRoutes } from './channel-routes';
import { deepFreeze } from './deep-freeze';
import { type Env, type EnvName, envNames, envSchema } from './env';
import { eventSinkOf, type EventSinkRegistry, readEventSinks } from './event-sink-env';
import { gatewayOf, type GatewayRegistry, readGateway, unknownVariable } from './gateway-env';
import type { EnvText } from './plugin-env';
import { productionProblems } from './production';
import { readRiskChecks, riskCheckOf, type RiskCheckRegistry } from './risk-check-env';
import { judgeRisks, type SecretsFileReport } from './risks';
import type {
  EventSinkSettings,
  RiskSettings,
  SecretSettings,
  ServerSettings,
  Settings,
  SmsSettings,
} from './settings';
import { SettingsError } from './settings-error';
import { closest } from './typos';

/** Handed in, because what a secrets file holds is no business of this folder. */
export type SecretsFileCheck = (file: string) => SecretsFileReport;

export interface LoadOptions {
  /** All risk checks of this installation; absent: none. */
  readonly riskChecks?: RiskCheckRegistry;
  /** All event sinks of this installation; absent: none. */
  readonly eventSinks?: EventSinkRegistry;
  /** What of `riskChecks` a plug-in brought. */
  readonly wantedChecks?: readonly string[];
  /** What is wrong with `PLUGINS`: they are loaded before, because they bring settings. */
  readonly pluginProblems?: readonly string[];
  readonly checkSecretsFile?: SecretsFileCheck;
  /** What is unsafe about the places the settings come from, each as `NAME: remedy`. */
  readonly risks?: readonly string[];
}

/**
 * Turns the environment into settings, deeply frozen.
 * @param gateways all gateways of this installation; the settings of those that some route names are validated
 * What is unsafe is refused in production and a warning elsewhere.
 * @throws SettingsError with every problem
 */
export function loadSettings(
  environment: NodeJS.ProcessEnv,
  gateways: GatewayRegistry,
  options: LoadOptions = {},
): Settings {
  const { riskChecks = {}, eventSinks = {}, checkSecretsFile, risks = [] } = options;
  const text = withoutEmpty(environment);
  const { env, problems } = readVariables(text);
  const accounts = readAccounts(text, gateways);
  const { routes, ...routing } = readRoutes(env, accounts.gateways);
  const used = [...routing.gateways, ...accounts.declared];
  const configured = readGateways(used, accounts.gateways, text);
  const { refused, warnings: unsafe } = judgeRisks(env, checkSecretsFile?.(secretsFileOf(env)), risks);
  const checks = readRiskChecks(text, riskChecks, options.wantedChecks);
  const sinks = readEventSinks(text, eventSinks);
  const needs = channelNeeds(routes, accounts.gateways, configured.value);
  const about = [
    ...accounts.problems,
    ...routing.problems,
    ...configured.problems,
    ...checks.problems,
    ...sinks.problems,
    ...needs,
  ];
  const all = [...(options.pluginProblems ?? []), ...problems, ...refused, ...about];
  const warnings = [
    ...unsafe,
    ...misspeltNames(text, { gateways: accounts.gateways, checks: riskChecks, sinks: eventSinks }),
  ];
  if (all.length > 0) throw new SettingsError([...all, ...warnings]);
  const sms = { routes, gateways: configured.value };
  return deepFreeze({
    ...toSettings(env as Env, sms, { checks: checks.value, sinks: sinks.value }),
    warnings,
  });
}

/** An empty string counts as unset: that is what `NAME=` in a file or a compose template gives. */
function withoutEmpty(environment: NodeJS.ProcessEnv): EnvText {
  const trimmed = Object.entries(environment).map(([name, value]) => [name, value?.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value));
}

/** Variable by variable, so that the rules of production are applied also when some value is wrong. */
function readVariables(text: EnvText): { env: Partial<Env>; problems: string[] } {
  const env: Partial<Record<EnvName, unknown>> = {};
  const problems: string[] = [];
  const wrong = new Set<string>();
  for (const name of envNames) {
    const parsed = envSchema.shape[name].safeParse(text[name]);
    if (parsed.success) env[name] = parsed.data;
    else {
      wrong.add(name);
      problems.push(...parsed.error.issues.map((issue) => `${name}: ${issue.message}`));
    }
  }
  const read = env as Partial<Env>;
  if (read.NODE_ENV === 'production') problems.push(...productionProblems(read, wrong));
  if (read.ADMIN_KEY !== undefined && read.ADMIN_KEY === read.BOOTSTRAP_API_KEY)
    problems.push(
      'BOOTSTRAP_API_KEY: is the same as ADMIN_KEY; an application must not be able to administrate',
    );
  return { env: read, problems };
}

function readGateways(
  used: readonly string[],
  gateways: GatewayRegistry,
  text: EnvText,
): { value: Record<string, unknown>; problems: string[] } {
  const value: Record<string, unknown> = {};
  const problems: string[] = [];
  const named = new Set(Object.keys(text).map((variable) => gatewayOf(variable, gateways)?.name));
  for (const gateway of Object.values(gateways)) {
    const isUsed = used.includes(gateway.name);
    if (!isUsed && !named.has(gateway.name)) continue;
    const read = readGateway(gateway, text);
    // Without a route of the server's it is there for the routes of applications, and its settings may be leftovers.
    if (read.ok) value[gateway.name] = read.value;
    else if (isUsed) problems.push(...read.problems);
  }
  for (const variable of Object.keys(text)) {
    const gateway = gatewayOf(variable, gateways);
    // A misspelt setting of a gateway that is in use would be silently without effect.
    const problem = gateway && used.includes(gateway.name) && unknownVariable(variable, gateway);
    if (problem) problems.push(problem);
  }
  return { value, problems };
}

interface Registries {
  readonly gateways: GatewayRegistry;
  readonly checks: RiskCheckRegistry;
  readonly sinks: EventSinkRegistry;
}

/** Only warnings: the environment also holds variables of others. */
function misspeltNames(text: EnvText, { gateways, checks, sinks }: Registries): string[] {
  return Object.keys(text).flatMap((variable) => {
    if ((envNames as string[]).includes(variable)) return [];
    const owner = gatewayOf(variable, gateways) ?? riskCheckOf(variable, checks);
    if (owner ?? eventSinkOf(variable, sinks)) return [];
    const near = closest(variable, envNames);
    if (near) return [`${variable}: is not known; did you mean ${near}?`];
    if (variable.startsWith('SMS_')) return [strayVariable(variable, 'gateway', gateways)];
    if (variable.startsWith('RISK_')) return [strayVariable(variable, 'risk check', checks)];
    return variable.startsWith('SINK_') ? [strayVariable(variable, 'event sink', sinks)] : [];
  });
}

function strayVariable(variable: string, noun: string, known: Readonly<Record<string, unknown>>): string {
  return `${variable}: belongs to no ${noun}; there are: ${Object.keys(known).sort().join(', ') || 'none'}`;
}

function toSettings(
  env: Env,
  sms: Pick<SmsSettings, 'routes' | 'gateways'>,
  added: Pick<RiskSettings, 'checks'> & Pick<EventSinkSettings, 'sinks'>,
): Omit<Settings, 'warnings'> {
  const isProduction = env.NODE_ENV === 'production';
  const secrets = toSecretSettings(env);
  return {
    server: toServerSettings(env, isProduction),
    mongo: withHiddenFields({
      uri: env.MONGODB_URI ?? null,
      embeddedAllowed: !isProduction || env.EMBEDDED_MONGODB,
      mongodBinary: env.MONGOD_BINARY ?? null,
      dataDir: secrets.dataDir,
    }),
    secrets,
    sms: {
      routes: sms.routes,
      sandbox: !isProduction || env.SANDBOX,
      gateways: withHiddenFields(sms.gateways),
    },
    outbound: { allowPrivate: env.OUTBOUND_ALLOW_PRIVATE ?? !isProduction },
    limits: { throttlePerSecond: env.THROTTLE_PER_SECOND },
    risk: { checks: withHiddenFields(added.checks) },
    eventSinks: { sinks: withHiddenFields(added.sinks) },
    audit: { retentionDays: env.AUDIT_RETENTION_DAYS },
    phone: { defaultCountry: env.DEFAULT_COUNTRY ?? null },
    hosted: { isOn: env.HOSTED },
    scheduler: { isOn: env.SCHEDULER },
  };
}

function toServerSettings(env: Env, isProduction: boolean): ServerSettings {
  const host = env.HOST ?? (isProduction ? '0.0.0.0' : '127.0.0.1');
  const authority = host.includes(':') ? `[${host}]` : host;
  return {
    environment: env.NODE_ENV,
    isProduction,
    port: env.PORT,
    host,
    publicUrl: env.PUBLIC_URL ?? `http://${authority}:${env.PORT}`,
    trustProxyHops: env.TRUST_PROXY,
    logLevel: env.LOG_LEVEL,
    maxConnections: env.MAX_CONNECTIONS,
  };
}

function toSecretSettings(env: Env): SecretSettings {
  const dataDir = resolve(env.DATA_DIR);
  return withHiddenFields({
    secretsFile: secretsFileOf(env),
    adminKey: env.ADMIN_KEY ?? null,
    bootstrapApiKey: env.BOOTSTRAP_API_KEY ?? null,
    dataDir,
  });
}

/** Absolute path. */
function secretsFileOf(env: Partial<Env>): string {
  return resolve(env.SECRETS_FILE ?? join(env.DATA_DIR ?? '', 'secrets.json'));
}
