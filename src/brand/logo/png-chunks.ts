import { crc32 } from 'node:zlib';

/** A picture is refused with a sentence that says what to change. */
export class PictureError extends Error {}

export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** With length, type and checksum. */
  readonly whole: Buffer;
}

export const BROKEN = 'The PNG is damaged: save it anew.';
/** What a picture consists of. Everything else is about it, and is left out. */
const critical = ['IHDR', 'PLTE', 'IDAT', 'IEND'];

/**
 * The chunks that make the picture, in order, each with a right checksum, and nothing behind the last.
 * @throws PictureError
 */
export function chunksOf(bytes: Buffer): Chunk[] {
  if (!bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE))
    throw new PictureError(otherKind(bytes));
  const chunks: Chunk[] = [];
  let at = PNG_SIGNATURE.length;
  while (chunks.at(-1)?.type !== 'IEND') {
    const chunk = chunkAt(bytes, at);
    if (critical.includes(chunk.type) || chunk.type === 'tRNS') chunks.push(chunk);
    // A capital letter in front: whoever does not know it cannot show the picture.
    else if (/^[A-Z]/.test(chunk.type)) throw new PictureError(BROKEN);
    at += chunk.whole.length;
  }
  if (at !== bytes.length)
    throw new PictureError('There is something behind the end of the PNG: save it anew.');
  const order = chunks.map(({ type }) => type).join(' ');
  if (!/^IHDR (?:PLTE )?(?:tRNS )?(?:IDAT )+IEND$/.test(order)) throw new PictureError(BROKEN);
  return chunks;
}

function chunkAt(bytes: Buffer, at: number): Chunk {
  const frame = 12;
  if (at + frame > bytes.length) throw new PictureError(BROKEN);
  const end = at + frame + bytes.readUInt32BE(at);
  if (end > bytes.length) throw new PictureError(BROKEN);
  const type = bytes.toString('latin1', at + 4, at + 8);
  const isWhole = crc32(bytes.subarray(at + 4, end - 4)) === bytes.readUInt32BE(end - 4);
  if (!/^[A-Za-z]{4}$/.test(type) || !isWhole) throw new PictureError(BROKEN);
  return { type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) };
}

/** How other kinds of files begin, and why they are refused. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^\xff\xd8\xff/, 'This is a JPEG: save it as PNG.'],
  [/^GIF8/, 'This is a GIF: save it as PNG.'],
  [/^RIFF[^]{4}WEBP/, 'This is a WebP: save it as PNG.'],
  [
    /^(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!doctype svg)/i,
    'SVG may hold scripts: export it as PNG, twice as large as shown.',
  ],
];

function otherKind(bytes: Buffer): string {
  const start = bytes.toString('latin1', 0, 64);
  return kinds.find(([form]) => form.test(start))?.[1] ?? 'This is no PNG.';
}
