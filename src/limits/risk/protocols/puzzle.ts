/**
 * The puzzle of our own challenge: find, for each of 16 parts, a number whose hash together with the puzzle begins
 * with so many zero bits. Sixteen small searches take much the same time for everybody, where one large one would
 * take some people five times as long as others. Nothing is kept about a puzzle: it carries what it says under a MAC,
 * which also covers the application, purpose and number that it was made for and does not name.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

export const PARTS = 16;
/** Found on average after 2^difficulty hashes over all parts. */
export const PARTS_BITS = Math.log2(PARTS);

export interface Puzzle {
  /** 16 base64url characters; by it an answer is used once. */
  readonly id: string;
  readonly expiresAt: Date;
  /** Zero bits that each part must have. */
  readonly bits: number;
}

/** A MAC of 32 bytes over the text and what the puzzle is bound to. */
export type Sign = (text: string) => Buffer;

const ID_BYTES = 12;
const SECONDS_BYTES = 5;
const CLAIM_BYTES = ID_BYTES + SECONDS_BYTES + 1;

/** `<claim>.<mac>.<16 numbers>`; numbers of up to 16 digits are exact everywhere. */
const ANSWER = new RegExp(`^([A-Za-z0-9_-]{24}\\.[A-Za-z0-9_-]{43})((?:\\.\\d{1,15}){${PARTS}})$`);

export function writePuzzle({ id, expiresAt, bits }: Puzzle, sign: Sign): string {
  const claim = Buffer.alloc(CLAIM_BYTES);
  Buffer.from(id, 'base64url').copy(claim);
  claim.writeUIntBE(Math.floor(expiresAt.getTime() / 1000), ID_BYTES, SECONDS_BYTES);
  claim.writeUInt8(bits, CLAIM_BYTES - 1);
  const text = claim.toString('base64url');
  return `${text}.${sign(text).toString('base64url')}`;
}

/** The puzzle that was solved; null when this is no answer, the puzzle is not ours or is for another call, or a part is wrong. */
export function solvedPuzzle(answer: string, sign: Sign): Puzzle | null {
  const [, puzzle = '', numbers = ''] = ANSWER.exec(answer) ?? [];
  const [text = '', mac = ''] = puzzle.split('.');
  if (puzzle === '' || !timingSafeEqual(Buffer.from(mac, 'base64url'), sign(text))) return null;
  const read = readClaim(Buffer.from(text, 'base64url'));
  const solved = numbers
    .slice(1)
    .split('.')
    .every((number, part) => leadingZeroBits(hashOf(puzzle, part, number)) >= read.bits);
  return solved ? read : null;
}

/** What has to begin with zero bits. */
export function hashOf(puzzle: string, part: number, number: string | number): Buffer {
  return createHash('sha256').update(`${puzzle}.${part}.${number}`).digest();
}

export function leadingZeroBits(hash: Buffer): number {
  const at = hash.findIndex((byte) => byte !== 0);
  return at < 0 ? hash.length * 8 : at * 8 + Math.clz32(hash[at] ?? 0) - 24;
}

function readClaim(claim: Buffer): Puzzle {
  return {
    id: claim.subarray(0, ID_BYTES).toString('base64url'),
    expiresAt: new Date(claim.readUIntBE(ID_BYTES, SECONDS_BYTES) * 1000),
    bits: claim.readUInt8(CLAIM_BYTES - 1),
  };
}
