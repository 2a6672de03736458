import { deflateSync } from 'node:zlib';
import { decode } from 'fast-png';
import fc from 'fast-check';
import { chunk, picture } from '../../../test/builders/pictures';
import { MAX_LOGO_BYTES, readLogo } from './logo';

const read = (bytes: Buffer) => {
  const result = readLogo(bytes);
  if (!result.ok) throw new Error(result.problem);
  return result.logo;
};
const problem = (bytes: Buffer): string | null => {
  const result = readLogo(bytes);
  return result.ok ? null : result.problem;
};
const palette = (...colours: number[]) => chunk('PLTE', Buffer.from(colours));

describe('a logo', () => {
  it('is the same picture, written anew', () => {
    const lines = Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const { png, width, height } = read(picture({ width: 2, height: 1, lines }));
    expect([width, height]).toEqual([2, 1]);
    expect(decode(png)).toMatchObject({ depth: 8, channels: 4, data: Uint8Array.from(lines.subarray(1)) });
  });

  it('may have a palette, with colours that can be seen through', () => {
    const before = [palette(255, 0, 0, 0, 0, 255), chunk('tRNS', Buffer.from([128]))];
    const { png } = read(
      picture({ width: 3, height: 1, depth: 1, colourType: 3, lines: Buffer.from([0, 0b01000000]), before }),
    );
    expect([...decode(png).data]).toEqual([255, 0, 0, 128, 0, 0, 255, 255, 255, 0, 0, 128]);
  });

  it('may have sixteen bits per channel, of which eight stay', () => {
    const lines = Buffer.from([0, 0x12, 0x34, 0xff, 0xff]);
    const { png } = read(picture({ width: 2, height: 1, depth: 16, colourType: 0, lines }));
    expect(decode(png)).toMatchObject({ depth: 8, channels: 1, data: Uint8Array.from([0x12, 0xff]) });
  });

  it.each([0, 2, 4, 6])('may be of the colour type %i', (colourType) => {
    expect(problem(picture({ colourType, before: [palette(1, 2, 3)] }))).toBeNull();
  });

  // Catches: a picture with the place where it was taken, or with a script behind its colours.
  it('brings nothing along: no text, no place, no profile, no animation', () => {
    const secret = Buffer.from('Comment\0<script>alert(1)</script>');
    const names = ['tEXt', 'zTXt', 'iTXt', 'eXIf', 'iCCP', 'pHYs', 'acTL', 'fdAT', 'prIv'];
    const { png } = read(
      picture({ before: names.map((name) => chunk(name, secret)), after: [chunk('tEXt', secret)] }),
    );
    const text = png.toString('latin1');
    expect([...names, 'script', 'Comment'].filter((name) => text.includes(name))).toEqual([]);
    expect(png).toEqual(read(picture()).png);
  });

  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /^This is no PNG/],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), /^This is no PNG/],
    [
      'SVG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      /^SVG may hold scripts/,
    ],
    ['SVG as XML', Buffer.from('\ufeff <?xml version="1.0"?><svg/>'), /^SVG may hold scripts/],
    ['a GIF', Buffer.from('GIF89a;'), /^This is a GIF/],
    ['a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), /^This is a JPEG/],
    ['a WebP', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'), /^This is a WebP/],
    ['a page behind a PNG', Buffer.concat([picture(), Buffer.from('<script>')]), /behind the end/],
    ['a PNG behind a page', Buffer.concat([Buffer.from('GIF89a=1;'), picture()]), /^This is a GIF/],
    ['half of a PNG', picture().subarray(0, 50), /damaged/],
    ['too many bytes', picture({ before: [chunk('tEXt', Buffer.alloc(MAX_LOGO_BYTES))] }), /at most 32 KiB/],
    ['a chunk that must be understood', picture({ before: [chunk('SCRT', Buffer.alloc(1))] }), /damaged/],
    ['two headers', picture({ before: [picture().subarray(8, 33)] }), /damaged/],
    ['a palette behind the picture', picture({ after: [palette(1, 2, 3)] }), /damaged/],
    ['no palette', picture({ colourType: 3 }), /damaged/],
    ['an empty palette', picture({ colourType: 3, before: [palette()] }), /damaged/],
    [
      'a colour beyond its palette',
      picture({ width: 1, height: 1, colourType: 3, before: [palette(1, 2, 3)], lines: Buffer.from([0, 9]) }),
      /damaged/,
    ],
    [
      'a filter that is none',
      picture({ width: 1, height: 1, lines: Buffer.from([7, 0, 0, 0, 0]) }),
      /damaged/,
    ],
    ['a colour type that is none', picture({ colourType: 5 }), /8 bits per channel/],
    ['a depth that is none', picture({ depth: 3 }), /8 bits per channel/],
    ['interlacing', picture({ interlace: 1 }), /without interlacing/],
    [
      'one transparent colour',
      picture({ colourType: 2, before: [chunk('tRNS', Buffer.alloc(6))] }),
      /alpha channel/,
    ],
    ['no width', picture({ width: 0, lines: Buffer.alloc(3) }), /1024 pixels a side/],
    ['too much width', picture({ width: 1_025, height: 1 }), /1024 pixels a side/],
    ['too many pixels', picture({ width: 1_000, height: 300, colourType: 0 }), /1024 pixels a side/],
    ['too few lines', picture({ lines: Buffer.alloc(10) }), /not as large as it says/],
  ])('is not %s', (_what, bytes, remedy) => expect(problem(bytes)).toMatch(remedy));

  it('is damaged when a single bit of it is', () => {
    const whole = picture();
    for (let at = 0; at < whole.length; at += 1) {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ 1;
      expect([at, problem(bytes) === null]).toEqual([at, false]);
    }
  });

  // Catches: handing it to the library without looking how much it unpacks to.
  it('never unpacks to more than its header says, and what is about it is not unpacked at all', () => {
    const packed = deflateSync(Buffer.alloc(20_000_000));
    expect(packed.length).toBeLessThan(MAX_LOGO_BYTES);
    expect(problem(picture({ lines: Buffer.alloc(20_000_000) }))).toMatch(/not as large as it says/);
    expect(problem(picture({ after: [chunk('IDAT', packed)] }))).toMatch(/not as large as it says/);
    const profile = chunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), packed]));
    expect(problem(picture({ before: [profile] }))).toBeNull();
  });

  it('is refused when it would be stored as more than 64 KiB', () => {
    // Each line is the one above plus the same noise: 512 times the same as it is packed, all different as it is.
    const noise = Buffer.from(Array.from({ length: 2_048 }, (_, i) => (i * i * 7_919) % 251));
    const line = Buffer.concat([Buffer.from([2]), noise]);
    const lines = Buffer.concat(Array.from({ length: 512 }, () => line));
    const bytes = picture({ width: 512, height: 512, lines });
    expect(bytes.length).toBeLessThan(MAX_LOGO_BYTES);
    expect(problem(bytes)).toMatch(/too many colours/);
  });
});

describe('whatever is sent as a logo', () => {
  const parts = fc.record(
    {
      width: fc.integer({ min: 0, max: 40 }),
      height: fc.integer({ min: 0, max: 40 }),
      depth: fc.constantFrom(0, 1, 2, 4, 8, 16),
      colourType: fc.constantFrom(0, 2, 3, 4, 6, 7),
      before: fc.array(
        fc
          .tuple(
            fc.constantFrom('PLTE', 'tRNS', 'iCCP', 'tEXt', 'IDAT', 'IEND'),
            fc.uint8Array({ maxLength: 30 }),
          )
          .map(([type, data]) => chunk(type, Buffer.from(data))),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: [] },
  );
  const spoiled = fc
    .tuple(parts.map(picture), fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 3 }), fc.boolean())
    .map(([bytes, changes, isCut]) => {
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return isCut ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes;
    });
  const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

  it('is a picture that browsers show, or is refused with a sentence', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(parts.map(picture), spoiled, noise), (bytes) => {
        const result = readLogo(bytes);
        if (!result.ok) return expect(result.problem).toMatch(/^[A-Z].{10,}\.$/);
        accepted += 1;
        const { width, height } = decode(result.logo.png);
        expect([width, height]).toEqual([result.logo.width, result.logo.height]);
        // Written anew once more it is the same: there is nothing in it to be left out.
        expect(readLogo(result.logo.png)).toEqual(result);
      }),
      { numRuns: 1_000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});
