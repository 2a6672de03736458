/**
 * The entry of a table for what a vendor wrote; undefined when there is none. Own entries only: a vendor's
 * `constructor` must not find what every object has.
 */
export function lookUp<Value>(table: Readonly<Record<string, Value>>, key: unknown): Value | undefined {
  const isKey = typeof key === 'string' || typeof key === 'number';
  return isKey && Object.hasOwn(table, key) ? table[key] : undefined;
}
