import type { z } from 'zod';
import type { Channel } from '../src/common/channel';
import { problemsOfAllowed } from './allowed-senders';
import {
  ownerOf,
  prefixOf as pluginPrefix,
  readPlugin,
  settingSchema,
  unknownProblem,
  upperSnake,
  variablesOf,
  type EnvText,
  type Plugin,
  type PluginKind,
  type PluginVariable,
  type ReadPlugin,
} from './plugin-env';

/** What this folder needs to know of a gateway: name, channels and the schema of its settings. */
export interface ConfigurableGateway extends Plugin {
  /** Default: `sms` alone. */
  readonly channels?: readonly Channel[];
  readonly config: z.ZodType;
  /** Which setting (key) holds the senders of a channel. */
  readonly senders?: Readonly<Partial<Record<Channel, string>>>;
  /** Settings (keys) that the channel needs and these do not hold. Absent: none. */
  missing?(channel: Channel, config: unknown): readonly string[];
}

/** All gateways of this build, by name. */
export type GatewayRegistry = Readonly<Record<string, ConfigurableGateway>>;

const GATEWAY: PluginKind = { start: 'SMS_', noun: 'gateway' };

/** The gateways that can carry a channel. */
export function carriersOf(channel: Channel, gateways: GatewayRegistry): string[] {
  const all = Object.values(gateways);
  return all.filter(({ channels = ['sms'] }) => channels.includes(channel)).map(({ name }) => name);
}

/** `labsmobile` → `SMS_LABSMOBILE_`, `twilio.eu` → `SMS_TWILIO_EU_`. */
export function prefixOf(gateway: string): string {
  return pluginPrefix(GATEWAY, gateway);
}

/** The settings of a gateway, in the order of its schema. */
export function gatewayVariables(gateway: Plugin): PluginVariable[] {
  return variablesOf(GATEWAY, gateway);
}

export function readGateway(gateway: ConfigurableGateway, env: EnvText): ReadPlugin {
  const read = readPlugin(GATEWAY, gateway, env);
  const problems = read.ok ? wrongSenders(gateway, read.value) : [];
  return problems.length > 0 ? { ok: false, problems } : read;
}

function wrongSenders({ name, config, senders = {} }: ConfigurableGateway, settings: unknown): string[] {
  const { allowedSenders = [] } = settings as { readonly allowedSenders?: readonly string[] };
  const schemas = Object.values(senders).flatMap((key) => settingSchema(config, key) ?? []);
  const variable = prefixOf(name) + upperSnake('allowedSenders');
  return problemsOfAllowed(allowedSenders, schemas).map((problem) => `${variable}: ${problem}`);
}

/** The gateway that a variable belongs to by its prefix. */
export function gatewayOf(variable: string, gateways: GatewayRegistry): ConfigurableGateway | undefined {
  return ownerOf(GATEWAY, variable, gateways);
}

/** Null when the gateway has this variable, otherwise `NAME: remedy`. */
export function unknownVariable(variable: string, gateway: ConfigurableGateway): string | null {
  return unknownProblem(GATEWAY, variable, gateway, () => accountRemedy(variable, gateway));
}

/** For a variable that ends like one of the gateway's: `SMS_TWILIO_EU_FROM`. */
function accountRemedy(variable: string, gateway: ConfigurableGateway): string | null {
  const rest = variable.slice(prefixOf(gateway.name).length);
  const keys = gatewayVariables(gateway).map(({ key }) => `_${upperSnake(key)}`);
  const [longest] = keys.filter((key) => rest.endsWith(key)).sort((a, b) => b.length - a.length);
  if (longest === undefined || gateway.name.includes('.')) return null;
  const account = rest.slice(0, -longest.length).toLowerCase().replaceAll('_', '-');
  return `for a second account name "${gateway.name}.${account}" in a route or in SMS_ACCOUNTS`;
}
