/** Reads a template (ICU message syntax) into its elements, and into every text that it can become. */
import {
  parse,
  TYPE,
  type LiteralElement,
  type MessageFormatElement,
} from '@formatjs/icu-messageformat-parser';

export const variables = [
  'code',
  'minutes',
  'seconds',
  'duration',
  'brand',
  'contact',
  'amount',
  'currency',
  'payee',
  'digest',
] as const;
export type Variable = (typeof variables)[number];
/** Those that are numbers, and so have plural forms. */
export const times = ['minutes', 'seconds'] as const satisfies readonly Variable[];
export type Time = (typeof times)[number];

const isVariable = (name: string): name is Variable => variables.some((known) => known === name);

/** What stands in one of the texts: words of the template, or a variable. */
export type Piece = { readonly literal: string } | { readonly variable: Variable };
export type Variant = readonly Piece[];

export interface ParsedTemplate {
  readonly elements: MessageFormatElement[];
  /** One for each combination of `plural` and `select` branches; at least one. */
  readonly variants: readonly Variant[];
}

/** More combinations than anybody reads through. */
const MAX_VARIANTS = 64;

/** Why a template cannot be used, with the remedy, for the person who wrote it. */
class TemplateProblem extends Error {}

/** @returns what the template says, or why it cannot be used */
export function parseTemplate(text: string): ParsedTemplate | { readonly problem: string } {
  try {
    const elements = elementsOf(text);
    return { elements, variants: variantsOf(elements) };
  } catch (error) {
    if (error instanceof TemplateProblem) return { problem: error.message };
    throw error;
  }
}

function elementsOf(text: string): MessageFormatElement[] {
  try {
    return parse(text, { requiresOtherClause: true, shouldParseSkeletons: false, captureEscapes: true });
  } catch (error) {
    // The parser's error is the name of what it missed.
    throw new TemplateProblem(remedyFor(error instanceof SyntaxError ? error.message : ''));
  }
}

function remedyFor(syntaxError: string): string {
  if (syntaxError.includes('TAG')) return NO_TAGS;
  if (syntaxError === 'MISSING_OTHER_CLAUSE') return 'Give every plural and select an "other" branch.';
  if (syntaxError === 'EMPTY_ARGUMENT') return `Name a variable between the braces: ${listed}.`;
  if (syntaxError.includes('SELECTOR'))
    return 'Check the branches of plural and select: name {text} name {text}.';
  return UNBALANCED;
}

const UNBALANCED =
  'Check the braces: every { needs its }, and a brace that is to be shown is written in apostrophes.';

const listed = variables.map((name) => `{${name}}`).join(', ');
const NO_TAGS = 'Remove tags such as <b>: texts are plain.';

/** @param counted what `#` stands for */
function variantsOf(elements: readonly MessageFormatElement[], counted: Time = 'minutes'): Variant[] {
  let all: Variant[] = [[]];
  for (const element of elements) {
    const next = alternativesOf(element, counted);
    if (all.length * next.length > MAX_VARIANTS) {
      throw new TemplateProblem(
        `Use fewer branches: plural and select make more than ${MAX_VARIANTS} texts.`,
      );
    }
    all = all.flatMap((start) => next.map((end) => [...start, ...end]));
  }
  return all;
}

function alternativesOf(element: MessageFormatElement, counted: Time): Variant[] {
  switch (element.type) {
    case TYPE.literal:
      return [[{ literal: literalOf(element) }]];
    case TYPE.argument:
      return [[{ variable: known(element.value) }]];
    case TYPE.pound:
      return [[{ variable: counted }]];
    case TYPE.plural:
      return branchesOf(element.options, timeOf(element.value));
    case TYPE.select:
      if (known(element.value) !== 'currency') throw new TemplateProblem('Use select with currency only.');
      return branchesOf(element.options, counted);
    case TYPE.tag:
      throw new TemplateProblem(NO_TAGS);
    default:
      throw new TemplateProblem(
        'Write numbers as {minutes}, {seconds} and {amount}: date, time and number are not known.',
      );
  }
}

function branchesOf(
  options: Readonly<Record<string, { readonly value: MessageFormatElement[] }>>,
  counted: Time,
): Variant[] {
  return Object.values(options).flatMap(({ value }) => variantsOf(value, counted));
}

function timeOf(name: string): Time {
  const time = times.find((one) => one === known(name));
  if (time === undefined) throw new TemplateProblem('Use plural with minutes and seconds only.');
  return time;
}

function known(name: string): Variable {
  if (isVariable(name)) return name;
  throw new TemplateProblem(`Use only the variables ${listed}.`);
}

/**
 * The parser takes a } too many for text, and `l'{code}` for a brace that is to be shown: neither is ever meant.
 */
function literalOf({ value, rawValue = value }: LiteralElement): string {
  const unquoted = rawValue.replaceAll("''", '').replace(/'[{}<>#][^']*(?:'|$)/g, '');
  if (unquoted.includes('}')) throw new TemplateProblem(UNBALANCED);
  if (!variables.some((name) => value.includes(`{${name}}`))) return value;
  throw new TemplateProblem('Write two apostrophes before a brace: one alone makes the variable plain text.');
}

/**
 * Whether a text would say "0 minutes" when less than one is left: `minutes` stands in it other than in a plural with a
 * branch for `=0`.
 */
export function needsAMinute(elements: readonly MessageFormatElement[]): boolean {
  return elements.some((element) => {
    if (element.type === TYPE.argument) return element.value === 'minutes';
    if (element.type !== TYPE.plural && element.type !== TYPE.select) return false;
    const branches: Readonly<Record<string, { readonly value: MessageFormatElement[] }>> = element.options;
    if (element.value !== 'minutes') return Object.values(branches).some(({ value }) => needsAMinute(value));
    const atZero = branches['=0'];
    return atZero === undefined || needsAMinute(atZero.value);
  });
}
