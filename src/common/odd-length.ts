/**
 * Where a value has a `length` that cannot become a number; null: nowhere. Validation measures whatever has a `length`,
 * also where it asks for a text and finds an object, and fails on `{"length": {"toString": 1}}` instead of refusing it.
 */
export function placeOfOddLength(value: unknown, at: readonly string[] = []): readonly string[] | null {
  if (typeof value !== 'object' || value === null) return null;
  if ('length' in value && !isMeasurable(value.length)) return at;
  for (const [key, inner] of Object.entries(value)) {
    const found = placeOfOddLength(inner, [...at, key]);
    if (found) return found;
  }
  return null;
}

function isMeasurable(length: unknown): boolean {
  try {
    Number(length);
    return true;
  } catch {
    return false;
  }
}
