/** Freezes a tree of plain objects and arrays; what else it holds (a URL, a RegExp) is left alone. */
export function deepFreeze<T>(value: T): T {
  if (!isTree(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

function isTree(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
