const LENGTH_BYTES = 4;
/** Length that no field can have: stands for "no value", which is not the same as an empty one. */
const ABSENT = 0xffffffff;

export type Field = string | Uint8Array | null;

/**
 * Joins fields so that no two different lists give the same bytes: each is preceded by its length in bytes
 * (32 bits, big-endian). Without that, ("ab", "c") and ("a", "bc") would share a MAC.
 */
export function joinFields(fields: readonly Field[]): Buffer {
  const joined = Buffer.allocUnsafe(fields.reduce((sum, field) => sum + LENGTH_BYTES + sizeOf(field), 0));
  let at = 0;
  for (const field of fields) {
    const size = writeField(joined, field, at + LENGTH_BYTES);
    joined.writeUInt32BE(field === null ? ABSENT : size, at);
    at += LENGTH_BYTES + size;
  }
  return joined;
}

function sizeOf(field: Field): number {
  if (field === null) return 0;
  return typeof field === 'string' ? Buffer.byteLength(field, 'utf8') : field.length;
}

/** @returns how many bytes it took */
function writeField(into: Buffer, field: Field, at: number): number {
  if (typeof field === 'string') return into.write(field, at, 'utf8');
  if (field === null) return 0;
  into.set(field, at);
  return field.length;
}
