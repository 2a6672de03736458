import { crc32, deflateSync } from 'node:zlib';

/** A chunk of a PNG with the right length and checksum. */
export function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

export interface PictureParts {
  readonly width?: number;
  readonly height?: number;
  readonly depth?: number;
  /** 0 grey, 2 colour, 3 palette, 4 grey with alpha, 6 colour with alpha. */
  readonly colourType?: number;
  readonly interlace?: number;
  /** Lines as they are packed, each with its filter in front; by default black. */
  readonly lines?: Buffer;
  /** Between header and picture. */
  readonly before?: readonly Buffer[];
  /** Between picture and end. */
  readonly after?: readonly Buffer[];
}

const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const signature = Buffer.from('89504e470d0a1a0a', 'hex');

const usual = { width: 4, height: 3, depth: 8, colourType: 6, interlace: 0, before: [], after: [] };

/** A PNG of these parts, right or not. */
export function picture(parts: PictureParts = {}): Buffer {
  const { width, height, depth, colourType, interlace, before, after, lines } = { ...usual, ...parts };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType, 0, 0, interlace], 8);
  const line = 1 + Math.ceil((width * depth * (channels[colourType] ?? 1)) / 8);
  const packed = deflateSync(lines ?? Buffer.alloc(line * height));
  const all = [
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', packed),
    ...after,
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([signature, ...all]);
}
