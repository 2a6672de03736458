/** Adds definitions to what is there already, and says of each that cannot be added what is wrong with it. */
import { placesOf } from '../sms/texts/installed-texts';
import type { TextDefinition } from '../sms/texts/text-definition';
import { definitionProblems, kindNames } from './definition-rules';
import type { Extensions } from './extensions';
import { guarded } from './guarded-definition';
import type { DefinitionKind, MarkedDefinition } from './plugin-exports';

/** Definitions, and where they come from: the path or the package of a plug-in, as it is written in PLUGINS. */
export interface Origin {
  readonly origin: string;
  readonly definitions: readonly MarkedDefinition[];
}

export interface Extended {
  readonly extensions: Extensions;
  /** Each names the plug-in and the remedy. */
  readonly problems: readonly string[];
}

export function extend(base: Extensions, origins: readonly Origin[]): Extended {
  let extensions = base;
  const problems: string[] = [];
  const owners = new Map<string, string>();
  for (const { origin, definitions } of origins)
    for (const definition of definitions) {
      const found = problemsOf(definition, extensions, owners);
      if (found.length === 0) {
        extensions = withOne(extensions, guarded(definition, origin));
        owners.set(placeOf(definition), origin);
      }
      problems.push(...found.map((problem) => `"${origin}": ${titleOf(definition)} ${problem}`));
    }
  return { extensions, problems };
}

function problemsOf(
  definition: MarkedDefinition,
  extensions: Extensions,
  owners: ReadonlyMap<string, string>,
): string[] {
  const wrong = definitionProblems(definition);
  if (wrong.length > 0) return wrong;
  const { kind } = definition;
  const name = String(definition['name']);
  if (namesOf(kind, extensions).includes(name)) {
    const owner = owners.get(placeOf(definition));
    const by = owner === undefined ? 'one that is built in' : `"${owner}"`;
    return [`has a name that ${by} has taken: give it another one`];
  }
  return kind === 'text' ? clashes(definition as unknown as TextDefinition, extensions.texts) : [];
}

function clashes(text: TextDefinition, others: readonly TextDefinition[]): string[] {
  const taken = new Map(others.flatMap((other) => placesOf(other).map((place) => [place, other.name])));
  return placesOf(text).flatMap((place, index, places) => {
    const other = places.indexOf(place) < index ? text.name : taken.get(place);
    if (other === undefined) return [];
    return [`texts.${index}: is for the same messages as a wording of the text "${other}": remove one`];
  });
}

function namesOf(kind: DefinitionKind, { gateways, riskChecks, texts, eventSinks }: Extensions): string[] {
  const names = {
    gateway: () => Object.keys(gateways),
    'risk-check': () => Object.keys(riskChecks),
    text: () => texts.map(({ name }) => name),
    'event-sink': () => eventSinks.map(({ name }) => name),
  };
  return names[kind]();
}

function withOne(extensions: Extensions, definition: ReturnType<typeof guarded>): Extensions {
  const { gateways, riskChecks, texts, eventSinks } = extensions;
  const { name } = definition;
  switch (definition.kind) {
    case 'gateway':
      return { ...extensions, gateways: { ...gateways, [name]: definition } };
    case 'risk-check':
      return { ...extensions, riskChecks: { ...riskChecks, [name]: definition } };
    case 'text':
      return { ...extensions, texts: [...texts, definition] };
    case 'event-sink':
      return { ...extensions, eventSinks: [...eventSinks, definition] };
  }
}

const placeOf = ({ kind, name }: MarkedDefinition): string => `${kind} ${String(name)}`;

function titleOf({ kind, name }: MarkedDefinition): string {
  return `the ${kindNames[kind]} ${JSON.stringify(typeof name === 'string' ? name : '')}`;
}
