/** Finds the definitions among what a module exports, whichever module system it was written in. */

/** What the four `define…` functions mark their definitions with. */
export const definitionKinds = ['gateway', 'text', 'event-sink', 'risk-check'] as const;
export type DefinitionKind = (typeof definitionKinds)[number];

/** Something with a mark; nothing else of it is known to be right. */
export type MarkedDefinition = Readonly<Record<string, unknown>> & { readonly kind: DefinitionKind };

/** The definitions, each once, in the order of the exports, or why there are none. */
export type ReadExports =
  | { readonly ok: true; readonly definitions: readonly MarkedDefinition[] }
  | { readonly ok: false; readonly problem: string };

const NONE =
  'exports no definition: export what defineGateway, defineText, defineEventSink or defineRiskCheck returns, ' +
  'by name, as default, or as a list by default';
const UNMARKED =
  'exports an object with a name that is no definition: pass it through defineGateway, defineText, ' +
  'defineEventSink or defineRiskCheck';

/** @param exported the namespace that `import()` gave */
export function definitionsIn(exported: unknown): ReadExports {
  const values = candidatesIn(exported, 0);
  const definitions = [...new Set(values.filter(isMarked))];
  if (definitions.length > 0) return { ok: true, definitions };
  return { ok: false, problem: values.some(looksLikeOne) ? UNMARKED : NONE };
}

/** The namespace, then lists, then what CommonJS puts inside `default`, also twice (code that was ESM before). */
const DEPTH = 3;

function candidatesIn(value: unknown, depth: number): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isMarked(value) || depth >= DEPTH) return [value];
  if (Array.isArray(value)) return value.flatMap((one) => candidatesIn(one, DEPTH));
  const own = read(value);
  const isModule = depth === 0 || 'default' in own || !('name' in own);
  return isModule ? Object.values(own).flatMap((one) => candidatesIn(one, depth + 1)) : [value];
}

/** A getter that throws is no definition. */
function read(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(value).flatMap((key) => {
      try {
        return [[key, (value as Record<string, unknown>)[key]]];
      } catch {
        return [];
      }
    }),
  );
}

function isMarked(value: unknown): value is MarkedDefinition {
  if (typeof value !== 'object' || value === null) return false;
  return (definitionKinds as readonly unknown[]).includes(read(value)['kind']);
}

function looksLikeOne(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'name' in value;
}
