/** What `node:assert` of Node 20 does not have. */
import { deepStrictEqual } from 'node:assert/strict';

/** Equal but for properties that are undefined. */
export function sameAs(actual: unknown, expected: unknown): void {
  deepStrictEqual(withoutUndefined(actual), withoutUndefined(expected));
}

/** Has these properties with these values, and maybe others. */
export function has(actual: object, expected: object): void {
  const named = Object.keys(expected).map((key) => [key, (actual as Record<string, unknown>)[key]]);
  sameAs(Object.fromEntries(named), expected);
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
  if (!isPlain) return value;
  const given = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(given.map(([key, one]) => [key, withoutUndefined(one)]));
}
