import { z } from 'zod';
import type { Channel } from '../src/common/channel';
import { problemsOfAllowed } from './allowed-senders';
import { closest } from './typos';

/**
 * What this folder needs to know of a gateway: name, channels and the schema of its settings. A setting `fooBar` of
 * the gateway `acme` is the variable `SMS_ACME_FOO_BAR`; its value is always text, so schemas convert by themselves.
 */
export interface ConfigurableGateway {
  readonly name: string;
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

/** One setting of a gateway, as documented by its schema. */
export interface GatewayVariable {
  readonly name: string;
  readonly key: string;
  readonly description: string;
  readonly secret: boolean;
  readonly required: boolean;
  /** Null when there is none. */
  readonly default: string | null;
}

/** The gateways that can carry a channel. */
export function carriersOf(channel: Channel, gateways: GatewayRegistry): string[] {
  const all = Object.values(gateways);
  return all.filter(({ channels = ['sms'] }) => channels.includes(channel)).map(({ name }) => name);
}

export type EnvText = Readonly<Record<string, string | undefined>>;

/** `labsmobile` → `SMS_LABSMOBILE_`, `twilio.eu` → `SMS_TWILIO_EU_`. */
export function prefixOf(gateway: string): string {
  return `SMS_${gateway.replace(/[-.]/g, '_').toUpperCase()}_`;
}

/** `baseUrl` → `BASE_URL`. */
function upperSnake(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

/** The schema of one setting; undefined when there is none of this key. */
export function settingSchema(config: z.ZodType, key: string): z.ZodType | undefined {
  return shapeOf(config)[key];
}

/** The settings of a gateway, in the order of its schema. */
export function gatewayVariables({ name, config }: ConfigurableGateway): GatewayVariable[] {
  return Object.entries(shapeOf(config)).map(([key, schema]) => {
    const { description, secret } = metaOf(schema);
    const missing = schema.safeParse(undefined);
    return {
      name: prefixOf(name) + upperSnake(key),
      key,
      description: description ?? '',
      secret: secret === true,
      required: !missing.success,
      default: missing.success ? asText(missing.data) : null,
    };
  });
}

/** What became of a gateway's variables: its settings, or every problem as `NAME: remedy`. */
export type ReadGateway =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly string[] };

export function readGateway(gateway: ConfigurableGateway, env: EnvText): ReadGateway {
  const variables = gatewayVariables(gateway);
  const given = variables.filter(({ name }) => env[name] !== undefined);
  const parsed = gateway.config.safeParse(Object.fromEntries(given.map(({ key, name }) => [key, env[name]])));
  if (parsed.success) {
    const wrong = wrongSenders(gateway, parsed.data);
    return wrong.length > 0 ? { ok: false, problems: wrong } : { ok: true, value: parsed.data };
  }
  const problems = parsed.error.issues.map((issue) => describeIssue(issue, gateway, variables, env));
  return { ok: false, problems: [...new Set(problems)] };
}

function wrongSenders({ name, config, senders = {} }: ConfigurableGateway, settings: unknown): string[] {
  const { allowedSenders = [] } = settings as { readonly allowedSenders?: readonly string[] };
  const schemas = Object.values(senders).flatMap((key) => settingSchema(config, key) ?? []);
  const variable = prefixOf(name) + upperSnake('allowedSenders');
  return problemsOfAllowed(allowedSenders, schemas).map((problem) => `${variable}: ${problem}`);
}

/** The gateway that a variable belongs to by its prefix; the longest name wins, so `http-json` is not taken for `http`. */
export function gatewayOf(variable: string, gateways: GatewayRegistry): ConfigurableGateway | undefined {
  return Object.values(gateways)
    .filter(({ name }) => variable.startsWith(prefixOf(name)))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

/** Null when the gateway has this variable, otherwise `NAME: remedy`. */
export function unknownVariable(variable: string, gateway: ConfigurableGateway): string | null {
  const names = gatewayVariables(gateway).map(({ name }) => name);
  if (names.includes(variable)) return null;
  const near = closest(variable, names);
  const remedy = near
    ? `did you mean ${near}?`
    : (accountRemedy(variable, gateway) ??
      `the gateway "${gateway.name}" has ${names.join(', ') || 'no settings'}`);
  return `${variable}: is not known; ${remedy}`;
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

function describeIssue(
  issue: z.core.$ZodIssue,
  gateway: ConfigurableGateway,
  variables: readonly GatewayVariable[],
  env: EnvText,
): string {
  const variable = variables.find(({ key }) => key === issue.path[0]);
  if (!variable) return `${prefixOf(gateway.name)}*: ${issue.message}`;
  const about = variable.description && ` (${variable.description})`;
  if (env[variable.name] === undefined)
    return `${variable.name}: is missing; the gateway "${gateway.name}" needs it${about}`;
  return `${variable.name}: ${issue.message}${about}`;
}

/** How a default would be written in the environment. */
function asText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function shapeOf(schema: z.ZodType): Record<string, z.ZodType> {
  if (schema instanceof z.ZodObject) return schema.shape;
  // `.transform()` and `.pipe()` put the object inside.
  if (schema instanceof z.ZodPipe) return shapeOf(schema.def.in as z.ZodType);
  return {};
}

/** Description and marks, also when `.optional()` or `.default()` was called after `.describe()`. */
function metaOf(schema: z.ZodType): { description?: string; secret?: unknown } {
  const inner = innerOf(schema);
  return { ...(inner ? metaOf(inner) : {}), ...schema.meta() };
}

function innerOf(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodPipe) return schema.def.in as z.ZodType;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return schema.def.innerType as z.ZodType;
  return undefined;
}
