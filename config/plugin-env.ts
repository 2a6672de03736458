/**
 * Settings of what is added in one file each: gateways (`SMS_…`), risk checks (`RISK_…`) and event sinks (`SINK_…`),
 * built in or of a plug-in. A setting `fooBar` of the gateway `acme` is the variable `SMS_ACME_FOO_BAR`; its value is always text, so schemas convert by themselves.
 */
import { z } from 'zod';
import { closest } from './typos';

export interface Plugin {
  readonly name: string;
  /** Settings: keys in camelCase, each described, credentials marked as secret. */
  readonly config: z.ZodType;
}

export interface PluginKind {
  /** Of all its variables. */
  readonly start: 'SMS_' | 'RISK_' | 'SINK_';
  readonly noun: 'gateway' | 'risk check' | 'event sink';
}

/** One setting of a plug-in, as documented by its schema. */
export interface PluginVariable {
  readonly name: string;
  readonly key: string;
  readonly description: string;
  readonly secret: boolean;
  readonly required: boolean;
  /** Null when there is none. */
  readonly default: string | null;
}

export type EnvText = Readonly<Record<string, string | undefined>>;

/** `labsmobile` → `SMS_LABSMOBILE_`, `twilio.eu` → `SMS_TWILIO_EU_`. */
export function prefixOf({ start }: PluginKind, name: string): string {
  return `${start}${name.replace(/[-.]/g, '_').toUpperCase()}_`;
}

/** `baseUrl` → `BASE_URL`. */
export function upperSnake(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

/** The schema of one setting; undefined when there is none of this key. */
export function settingSchema(config: z.ZodType, key: string): z.ZodType | undefined {
  return shapeOf(config)[key];
}

/** The settings of a plug-in, in the order of its schema. */
export function variablesOf(kind: PluginKind, { name, config }: Plugin): PluginVariable[] {
  return Object.entries(shapeOf(config)).map(([key, schema]) => {
    const { description, secret } = metaOf(schema);
    const missing = schema.safeParse(undefined);
    return {
      name: prefixOf(kind, name) + upperSnake(key),
      key,
      description: description ?? '',
      secret: secret === true,
      required: !missing.success,
      default: missing.success ? asText(missing.data) : null,
    };
  });
}

/** What became of a plug-in's variables: its settings, or every problem as `NAME: remedy`. */
export type ReadPlugin =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly string[] };

export function readPlugin(kind: PluginKind, plugin: Plugin, env: EnvText): ReadPlugin {
  const variables = variablesOf(kind, plugin);
  const given = variables.filter(({ name }) => env[name] !== undefined);
  const parsed = parse(plugin, Object.fromEntries(given.map(({ key, name }) => [key, env[name]])));
  if (parsed === null)
    return {
      ok: false,
      problems: [
        `${prefixOf(kind, plugin.name)}*: the ${kind.noun} "${plugin.name}" failed to read its settings`,
      ],
    };
  if (parsed.success) return { ok: true, value: parsed.data };
  const describe = (issue: z.core.$ZodIssue): string => {
    const variable = variables.find(({ key }) => key === issue.path[0]);
    if (!variable) return `${prefixOf(kind, plugin.name)}*: ${issue.message}`;
    const about = variable.description && ` (${variable.description})`;
    if (env[variable.name] === undefined)
      return `${variable.name}: is missing; the ${kind.noun} "${plugin.name}" needs it${about}`;
    return `${variable.name}: ${issue.message}${about}`;
  };
  return { ok: false, problems: [...new Set(parsed.error.issues.map(describe))] };
}

/** Null: a schema of somebody else's threw, or waits for something. What it threw may quote a secret. */
function parse({ config }: Plugin, given: object): z.ZodSafeParseResult<unknown> | null {
  try {
    return config.safeParse(given);
  } catch {
    return null;
  }
}

/** Settings by the name of the plug-in, of those that have them; and every problem as `NAME: remedy`. */
export interface ReadPlugins {
  readonly value: Readonly<Record<string, unknown>>;
  readonly problems: readonly string[];
}

/**
 * The settings of all plug-ins of a kind. What is set and belongs to one of them must be one of its settings.
 * @param isAskedFor whether this one must have its settings; `isNamed`: some variable of it is set
 */
export function readPlugins(
  kind: PluginKind,
  text: EnvText,
  plugins: Readonly<Record<string, Plugin>>,
  isAskedFor: (plugin: Plugin, isNamed: boolean) => boolean,
): ReadPlugins {
  const named = Object.keys(text).flatMap((variable) => {
    const plugin = ownerOf(kind, variable, plugins);
    return plugin ? [{ variable, plugin }] : [];
  });
  const read = Object.values(plugins).map((plugin) => ({ plugin, result: readPlugin(kind, plugin, text) }));
  const isNamed = (plugin: Plugin) => named.some((one) => one.plugin === plugin);
  return {
    value: Object.fromEntries(
      read.flatMap(({ plugin, result }) => (result.ok ? [[plugin.name, result.value] as const] : [])),
    ),
    problems: [
      ...read.flatMap(({ plugin, result }) =>
        result.ok || !isAskedFor(plugin, isNamed(plugin)) ? [] : result.problems,
      ),
      ...named.flatMap(({ variable, plugin }) => unknownProblem(kind, variable, plugin) ?? []),
    ],
  };
}

/** Whose variable this is by its prefix; the longest name wins, so `http-json` is not taken for `http`. */
export function ownerOf<P extends Plugin>(
  kind: PluginKind,
  variable: string,
  plugins: Readonly<Record<string, P>>,
): P | undefined {
  return Object.values(plugins)
    .filter(({ name }) => variable.startsWith(prefixOf(kind, name)))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

/** Null when the plug-in has this variable, otherwise `NAME: remedy`. */
export function unknownProblem(
  kind: PluginKind,
  variable: string,
  plugin: Plugin,
  otherRemedy: () => string | null = () => null,
): string | null {
  const names = variablesOf(kind, plugin).map(({ name }) => name);
  if (names.includes(variable)) return null;
  const near = closest(variable, names);
  const list = `the ${kind.noun} "${plugin.name}" has ${names.join(', ') || 'no settings'}`;
  return `${variable}: is not known; ${near ? `did you mean ${near}?` : (otherRemedy() ?? list)}`;
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
