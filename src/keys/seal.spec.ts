import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { anyText } from '../../test/builders/any-text';
import { deriveRingKeys } from './derive';
import { open, seal, SealError } from './seal';

const { seal: key } = deriveRingKeys({ kid: 'k1', key: randomBytes(32), signFrom: 0 });
const { seal: otherKey } = deriveRingKeys({ kid: 'k2', key: randomBytes(32), signFrom: 0 });
const binding = { slotId: 'slot-a', field: 'code', verificationId: 'verification-a' };

describe('seal', () => {
  it('opens to what was sealed, text or bytes', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), fc.uint8Array()), (plain) => {
        expect(open(key, binding, seal(key, binding, plain))).toEqual(Buffer.from(plain as string));
      }),
    );
  });

  it('does not hold the clear value and never looks the same twice', () => {
    const [one, other] = [seal(key, binding, '482915'), seal(key, binding, '482915')];
    expect(one.includes('482915')).toBe(false);
    expect(one.equals(other)).toBe(false);
  });

  it('is 29 bytes longer than the value', () => {
    expect(seal(key, binding, '482915')).toHaveLength(29 + 6);
  });

  it('opens from any view of the bytes, as the database driver gives them', () => {
    const sealed = new Uint8Array(seal(key, binding, '482915'));
    expect(open(key, binding, sealed).toString()).toBe('482915');
  });
});

describe('a sealed value', () => {
  // Safety: fails without the additional data (slot), and without the key per verification and field (the others).
  it.each([
    ['slot', { ...binding, slotId: 'slot-b' }],
    ['field', { ...binding, field: 'personal' }],
    ['verification', { ...binding, verificationId: 'verification-b' }],
    ['split of the same letters', { ...binding, field: 'codev', verificationId: 'erification-a' }],
  ])('does not open under another %s', (_what, other) => {
    expect(() => open(key, other, seal(key, binding, '482915'))).toThrow(SealError);
  });

  it('does not open with another key', () => {
    expect(() => open(otherKey, binding, seal(key, binding, '482915'))).toThrow(SealError);
  });

  // Safety: fails when the tag is not verified.
  it('does not open when any single bit was changed', () => {
    const sealed = seal(key, binding, '482915');
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => open(key, binding, changed)).toThrow(SealError);
    }
  });

  it('does not open when it was cut or extended', () => {
    const sealed = seal(key, binding, '482915');
    for (let length = 0; length < sealed.length; length++)
      expect(() => open(key, binding, sealed.subarray(0, length))).toThrow(SealError);
    expect(() => open(key, binding, Buffer.concat([sealed, Buffer.of(0)]))).toThrow(SealError);
  });
});
