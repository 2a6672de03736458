/** The least that is needed to say where something stands in a document: `a.b[0].c`. */

export interface JsonPath {
  /** As it was written; the name of a parameter where there is no document but a query or a form. */
  readonly text: string;
  readonly steps: readonly (string | number)[];
}

/** A name (anything but dots and brackets), at the beginning or behind a dot; or an index of a list in brackets. */
const STEP = /(?:^|\.)([^.[\]]+)|\[(\d{1,4})\]/y;

/** Null when it is not such a path. */
export function parseJsonPath(text: string): JsonPath | null {
  const steps: (string | number)[] = [];
  const step = new RegExp(STEP);
  while (step.lastIndex < text.length) {
    const [, name, index] = step.exec(text) ?? [];
    // Without a match `lastIndex` is 0 again, and the loop would never end.
    if (name === undefined && index === undefined) return null;
    steps.push(name ?? Number(index));
  }
  return steps.length === 0 || text.startsWith('.') ? null : { text, steps };
}

/** What stands there; undefined when nothing does. Sees only what the document itself holds. */
export function readJsonPath(document: unknown, { steps }: JsonPath): unknown {
  let here = document;
  for (const step of steps) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    if (Array.isArray(here) !== (typeof step === 'number')) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}

/** A value that a list in the settings can name: a text, a number, true or false. */
export function scalarText(value: unknown): string | undefined {
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isScalar && value !== '' ? String(value) : undefined;
}

/** Any JSON; undefined for what is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
