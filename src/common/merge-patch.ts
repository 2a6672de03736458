type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Applies a JSON Merge Patch (RFC 7396) to an object: what the patch does not name stays, null removes,
 * objects merge, everything else (arrays too) replaces. Neither argument is changed.
 */
export function mergePatch(target: JsonObject, patch: JsonObject): Record<string, unknown> {
  const merged = new Map(Object.entries(target));
  for (const [key, change] of Object.entries(patch)) {
    if (change === undefined) continue;
    if (change === null) merged.delete(key);
    else merged.set(key, isObject(change) ? mergePatch(objectOrEmpty(merged.get(key)), change) : change);
  }
  // From a map, so that a key like `__proto__` stays data.
  return Object.fromEntries(merged);
}

function objectOrEmpty(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
