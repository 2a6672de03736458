import { inflateSync } from 'node:zlib';
import { convertIndexedToRgb, decode, encode, type DecodedPng } from 'fast-png';
import { BROKEN, chunksOf, PictureError, PNG_SIGNATURE, type Chunk } from './png-chunks';

/** What may be sent. */
export const MAX_LOGO_BYTES = 32 * 1024;
/** What is stored: written anew without filters, a picture with many colours grows. */
const MAX_STORED_BYTES = 64 * 1024;
const MAX_SIDE = 1_024;
/** 1024 by 256, or 512 by 512: enough for a logo on any screen, and quickly read. */
const MAX_PIXELS = 512 * 512;

export interface Logo {
  /** The same picture, written anew: nothing of the bytes that were sent is left. */
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
}

export type LogoRead =
  { readonly ok: true; readonly logo: Logo } | { readonly ok: false; readonly problem: string };

/** The logo in these bytes, or what to change about them. Reads no more than its header allows. */
export function readLogo(bytes: Buffer): LogoRead {
  try {
    return { ok: true, logo: rewritten(bytes) };
  } catch (error) {
    if (error instanceof PictureError) return { ok: false, problem: error.message };
    throw error;
  }
}

function rewritten(bytes: Buffer): Logo {
  if (bytes.length > MAX_LOGO_BYTES) throw new PictureError('A logo may have at most 32 KiB.');
  const chunks = chunksOf(bytes);
  const header = headerOf(chunks);
  refuseBomb(chunks, header);
  const { width, height } = header;
  const png = Buffer.from(
    encode({ width, height, ...pixelsOf(decoded(chunks, header)) }, { zlib: { level: 6 } }),
  );
  if (png.length > MAX_STORED_BYTES) {
    throw new PictureError('The picture has too many colours for its size: use fewer, or make it smaller.');
  }
  return { png, width, height };
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  /** Compression, filter and interlacing: 0 is the usual one. */
  readonly methods: readonly number[];
}

const INDEXED = 3;

/** Channels by colour type, and the depths that are read. Grey of less than eight bits no tool writes any more. */
const kinds: Readonly<Record<number, { readonly channels: number; readonly depths: readonly number[] }>> = {
  0: { channels: 1, depths: [8, 16] },
  2: { channels: 3, depths: [8, 16] },
  [INDEXED]: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};

type HeaderRule = readonly [(header: Header, has: (type: string) => boolean) => boolean, string];

/** Refused in this order; the first that applies tells what to change. */
const headerRules: readonly HeaderRule[] = [
  [
    ({ width, height }) =>
      Math.min(width, height) < 1 || Math.max(width, height) > MAX_SIDE || width * height > MAX_PIXELS,
    `A logo may have ${MAX_SIDE} pixels a side, and ${MAX_PIXELS} in all (512 by 512).`,
  ],
  [
    ({ methods, depth, colourType }) =>
      methods.some((method) => method !== 0) || kinds[colourType]?.depths.includes(depth) !== true,
    'Save it with 8 bits per channel and without interlacing.',
  ],
  [({ colourType }, has) => colourType === INDEXED && !has('PLTE'), BROKEN],
  [
    ({ colourType }, has) => colourType !== INDEXED && has('tRNS'),
    'One colour of it stands for transparent: save it with an alpha channel.',
  ],
];

function headerOf(chunks: readonly Chunk[]): Header {
  const data = chunks[0]?.data ?? Buffer.alloc(0);
  if (data.length !== 13) throw new PictureError(BROKEN);
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  const [depth, colourType] = [data.readUInt8(8), data.readUInt8(9)];
  const header = { width, height, depth, colourType, methods: [...data.subarray(10)] };
  const has = (wanted: string) => chunks.some(({ type }) => type === wanted);
  const broken = headerRules.find(([isBroken]) => isBroken(header, has));
  if (broken) throw new PictureError(broken[1]);
  return header;
}

/** A few bytes may unpack to a thousand times as many: no more than the header promises are ever made. */
function refuseBomb(chunks: readonly Chunk[], { width, height, depth, colourType }: Header): void {
  const bitsPerPixel = depth * (kinds[colourType]?.channels ?? 1);
  const expected = height * (1 + Math.ceil((width * bitsPerPixel) / 8));
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  if (packed.length === 0 || unpackedSize(packed, expected) !== expected) {
    throw new PictureError('The PNG is damaged, or not as large as it says: save it anew.');
  }
}

/** How many bytes it is; -1 when it is damaged, too many, or goes on behind its end. */
function unpackedSize(packed: Buffer, max: number): number {
  try {
    const result: unknown = inflateSync(packed, { maxOutputLength: max, info: true });
    const { buffer, engine } = result as { buffer: Buffer; engine: { bytesWritten: number } };
    return engine.bytesWritten === packed.length ? buffer.length : -1;
  } catch {
    return -1;
  }
}

/**
 * By the library, of what was checked alone. What it does not like is damaged. A palette beside colours is advice, and
 * is left out.
 */
function decoded(chunks: readonly Chunk[], { colourType }: Header): DecodedPng {
  const needed = chunks.filter(({ type }) => colourType === INDEXED || type !== 'PLTE');
  try {
    return decode(Buffer.concat([PNG_SIGNATURE, ...needed.map(({ whole }) => whole)]));
  } catch {
    throw new PictureError(BROKEN);
  }
}

interface Pixels {
  readonly data: Uint8Array;
  readonly channels: number;
  readonly depth: 8;
}

/** Eight bits per channel, and colours instead of a palette. */
function pixelsOf(image: DecodedPng): Pixels {
  if (image.palette !== undefined) {
    const data = coloursOf(image);
    return { data, channels: data.length / (image.width * image.height), depth: 8 };
  }
  const { data, channels, depth } = image;
  const bytes = depth === 16 ? Uint8Array.from(data, (value) => value >> 8) : Uint8Array.from(data);
  return { data: bytes, channels, depth: 8 };
}

function coloursOf(image: DecodedPng): Uint8Array {
  try {
    return convertIndexedToRgb(image);
  } catch {
    throw new PictureError(BROKEN);
  }
}
