const LENGTH_BYTES = 4;
/** Length that no field can have: stands for "no value", which is not the same as an empty one. */
const ABSENT = 0xffffffff;

export type Field = string | Uint8Array | null;

/**
 * Joins fields so that no two different lists give the same bytes: each is preceded by its length in bytes
 * (32 bits, big-endian). Without that, ("ab", "c") and ("a", "bc") would share a MAC.
 */
export function joinFields(fields: readonly Field[]): Buffer {
  const joined = Buffer.allocUnsafe(
    fields.reduce<number>((sum, field) => sum + LENGTH_BYTES + sizeOf(field), 0),
  );
  let at = 0;
  for (const field of fields) {
    const size = sizeOf(field);
    at = joined.writeUInt32BE(field === null ? ABSENT : size, at);
    if (typeof field === 'string') joined.write(field, at, 'utf8');
    else if (field !== null) joined.set(field, at);
    at += size;
  }
  return joined;
}

function sizeOf(field: Field): number {
  if (field === null) return 0;
  return typeof field === 'string' ? Buffer.byteLength(field, 'utf8') : field.length;
}
