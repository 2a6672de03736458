import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { slotNameOf, VerificationIds } from './verification-id';

const ids = new VerificationIds(createSecretKey(Buffer.alloc(16, 7)));
const others = new VerificationIds(createSecretKey(Buffer.alloc(16, 8)));

describe('verification ids', () => {
  it('name their slot to whoever has the key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const { _id } = slotNameOf(Buffer.from(bytes));
        const id = ids.create(_id);
        expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
        expect(ids.slotOf(id)).toBe(_id);
        expect(others.slotOf(id)).not.toBe(_id);
      }),
    );
  });

  it('differ for one slot, and share no start with it', () => {
    const { _id } = slotNameOf(Buffer.alloc(32, 1));
    const drawn = new Set(Array.from({ length: 1_000 }, () => ids.create(_id)));
    expect(drawn.size).toBe(1_000);
    expect(new Set(Array.from(drawn, (id) => id.slice(0, 4))).size).toBeGreaterThan(900);
  });

  it.each(['', 'a', 'x'.repeat(23), '*'.repeat(22), '../../etc/passwd/aaaaa'])('cannot be %j', (text) => {
    expect(ids.slotOf(text)).toBeNull();
  });

  it('that somebody made up lead to a slot that does not exist', () => {
    expect(ids.slotOf('A'.repeat(22))).toMatch(/^[A-Za-z0-9_-]{14}$/);
  });
});
