import { aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import { unlock, type UnlockCommand } from './unlock';
import type { Slot } from '../slot';

const { key } = aSlot();
const anUnlock = (overrides: Partial<UnlockCommand> = {}): UnlockCommand => ({
  applicationId: 'app',
  actor: 'key:test',
  op: 'unlock-1',
  keyed: false,
  key,
  ...overrides,
});

describe('unlock', () => {
  // Catches: an unlock that gives guesses back to the live code, or sends to the bill.
  it('forgives failures and lock; the code keeps its count, and the sends stay', () => {
    const slot = aSlot({
      failures: 12,
      lockedUntil: at(120_000),
      current: aRecord({ checksUsed: 4, seq: 5 }),
    });
    const { outcome, next } = unlock(slot, anUnlock(), at(1));
    const { lockedUntil: _, ...unlocked } = slot;
    expect(outcome).toEqual({ kind: 'unlocked' });
    expect(next).toStrictEqual({
      ...unlocked,
      current: { ...slot.current, seq: 6 },
      failures: 0,
      ops: [{ op: 'unlock-1', outcome: 'unlocked', at: at(1) }],
      outbox: [
        {
          type: 'unlocked',
          verificationId: 'v1',
          seq: 6,
          at: at(1),
          actor: 'key:test',
          to: slot.current.masked,
          data: { failures: 12 },
        },
      ],
    });
  });

  it.each([1, 99, 100, 250])('forgives %d failures', (failures) => {
    expect(unlock(aSlot({ failures }), anUnlock(), at(1)).next).toMatchObject({ failures: 0 });
  });

  it('calls off the deletion of the slot', () => {
    expect(unlock(aSlot({ failures: 1, purgeAt: at(9) }), anUnlock(), at(1)).next).not.toHaveProperty(
      'purgeAt',
    );
  });

  // Catches: a slot that is found by the short id alone, and so somebody else's lock that is lifted.
  it.each<[what: string, slot: Slot | null, command: UnlockCommand]>([
    ['no slot', null, anUnlock()],
    ['another recipient with the same short id', aSlot({ failures: 12 }), anUnlock({ key: 'another hmac' })],
    ['nothing to forgive', aSlot({ failures: 0 }), anUnlock()],
  ])('changes nothing where there is %s', (_, slot, command) => {
    expect(unlock(slot, command, at(1))).toEqual({ outcome: { kind: 'nothing' } });
  });

  // Catches: failures after the unlock that its repeat forgives too.
  it('hears the same and changes nothing when it is sent twice', () => {
    const { next } = unlock(aSlot({ failures: 12 }), anUnlock(), at(1));
    expect(unlock({ ...next!, failures: 3 }, anUnlock(), at(2))).toEqual({ outcome: { kind: 'unlocked' } });
  });
});
