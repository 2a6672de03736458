/** What a definition must be before anything of it is used: its author may have had no compiler to tell. */
import { z } from 'zod';
import { variablesOf } from '../../config/plugin-env';
import { channels } from '../common/channel';
import { installedTextIssues } from '../sms/texts/installed-texts';
import type { DefinitionKind, MarkedDefinition } from './plugin-exports';

/** The versions of the ports that this release knows. One of them changes, the others stay. */
const apiVersions: Readonly<Record<DefinitionKind, readonly number[]>> = {
  gateway: [1],
  text: [1],
  'event-sink': [1],
  'risk-check': [1],
};

/** How people call them. */
export const kindNames: Readonly<Record<DefinitionKind, string>> = {
  gateway: 'gateway',
  text: 'text',
  'event-sink': 'event sink',
  'risk-check': 'risk check',
};

const name = z
  .string({ error: 'must be the name' })
  .max(40, 'must have at most 40 characters')
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    'must be lower-case letters, digits and hyphens, and begin with a letter',
  );
const words = z.string({ error: 'must be text' }).min(1, 'must not be empty');
const anyFunction = (text: string) => z.custom<unknown>((value) => typeof value === 'function', text);
const whole = z.int({ error: 'must be a whole number' }).min(1, 'must be at least 1');
const channel = z.enum(channels, { error: `must be one of ${channels.join(', ')}` });

/** Of this copy of zod or another one. */
const settingsSchema = z.custom<z.ZodType>().superRefine((value, context) => {
  const problem = schemaProblem(value);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

function schemaProblem(value: unknown): string | null {
  if (!(value instanceof z.ZodType)) return 'must be a schema of zod 4, such as z.strictObject({})';
  const inner = value instanceof z.ZodPipe ? value.def.in : value;
  if (!(inner instanceof z.ZodObject)) return 'must be an object schema, such as z.strictObject({})';
  const keys = variablesOf({ start: 'SMS_', noun: 'gateway' }, { name: 'x', config: value });
  const odd = keys.find(({ key }) => !/^[a-z][a-zA-Z0-9]*$/.test(key));
  return odd ? `has the key "${odd.key}": keys are camelCase letters and digits` : null;
}

const validity = z.union(
  [
    z.looseObject({ none: words }),
    z.looseObject({ field: words, minSeconds: whole, maxSeconds: whole, stepSeconds: whole }),
  ],
  { error: 'must be what validityField returns, or {none: why}' },
);

const create = anyFunction('must be a function (config, tools)');

const schemas: Readonly<Record<DefinitionKind, z.ZodType>> = {
  gateway: z.looseObject({
    name,
    channels: z.array(channel).min(1, 'must name a channel').optional(),
    limits: z.looseObject({ maxCharacters: whole.optional(), inFlight: whole.optional() }).optional(),
    docs: z.looseObject({ title: words, verified: words, receipts: words }),
    validity: z.partialRecord(channel, validity),
    config: settingsSchema,
    missing: anyFunction('must be a function (channel, config)').optional(),
    senders: z.partialRecord(channel, words).optional(),
    create,
  }),
  'risk-check': z.looseObject({
    name,
    asksThePerson: z.boolean({ error: 'must be true or false' }),
    docs: z.looseObject({ title: words, does: words, verified: words }),
    config: settingsSchema,
    create,
  }),
  'event-sink': z.looseObject({ name, config: settingsSchema, create }),
  text: z.looseObject({ name }).superRefine((value, context) => {
    for (const { path, message } of installedTextIssues(value))
      context.addIssue({ code: 'custom', path: path.split('.'), message });
  }),
};

/** What is wrong with a definition, each as `field remedy`; empty: it may be used. */
export function definitionProblems(definition: MarkedDefinition): string[] {
  const { kind, apiVersion = 1 } = definition;
  const known = apiVersions[kind];
  if (!(known as readonly unknown[]).includes(apiVersion))
    return [
      `was made for version ${typeof apiVersion === 'number' ? apiVersion : 'unknown'} of the port; this release knows ` +
        `${known.join(', ')}: install a release of the plug-in for it, or one of Sixdigit for the plug-in`,
    ];
  const issues = schemas[kind].safeParse(definition).error?.issues ?? [];
  return [...new Set(issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`))];
}
