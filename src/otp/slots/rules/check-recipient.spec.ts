import { aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import { check, checkRecipient, type RecipientCheckCommand } from './check';
import type { Slot } from '../slot';

const RIGHT = Buffer.alloc(32, 1);
const WRONG = Buffer.alloc(32, 9);

/** A guess at whatever is pending in {@link aSlot}; right for `v1`, and for no other verification. */
function aGuess(overrides: Partial<RecipientCheckCommand> & { mac?: Buffer } = {}): RecipientCheckCommand {
  const { mac = RIGHT, ...others } = overrides;
  return {
    applicationId: 'app',
    actor: 'key:test',
    op: 'check-1',
    keyed: false,
    key: aSlot().key,
    candidatesAt: (id) => [{ kid: 'k1', mac: id === 'v1' ? mac : WRONG }],
    ...others,
  };
}
const wrong = (overrides: Partial<RecipientCheckCommand> = {}) => aGuess({ mac: WRONG, ...overrides });
const nothing = { outcome: { kind: 'nothing_pending' } };

describe('a guess by recipient', () => {
  // Catches: a guess that is compared without being charged, or charged otherwise than one by id.
  it.each(['right', 'wrong', 'last'] as const)('changes the slot as one by id does: %s', (kind) => {
    const policy = { ...aRecord().policy, maxChecks: kind === 'last' ? 1 : 5 };
    const slot = aSlot({ current: aRecord({ policy }) });
    const mac = kind === 'right' ? RIGHT : WRONG;
    const { actor, op, keyed, applicationId } = aGuess();
    const call = { actor, op, keyed, applicationId };
    const byId = check(slot, { ...call, verificationId: 'v1', candidates: [{ kid: 'k1', mac }] }, at(5));
    const { outcome, next, ...rest } = checkRecipient(slot, aGuess({ mac }), at(5));
    expect(outcome).toEqual({ ...byId.outcome, verificationId: 'v1' });
    expect({ ...next, ops: [] }).toEqual({ ...byId.next, ops: [] });
    expect(rest).toEqual({ relies: byId.relies });
  });

  // Catches: an answer, a charge or a slot where no code is out there.
  it.each<[string, Slot | null]>([
    ['there is no slot', null],
    ['the slot is that of somebody else of the same name', aSlot({ key: 'another' })],
    ['the verification was approved', aSlot({ current: aRecord({ status: 'approved', endedAt: at(1) }) })],
    ['it has failed', aSlot({ current: aRecord({ status: 'failed', endedAt: at(1) }) })],
    ['it has expired, and no job has seen it', aSlot({ current: aRecord({ expiresAt: at(5) }) })],
    [
      'it has expired while the recipient is locked',
      aSlot({ failures: 100, current: aRecord({ expiresAt: at(5) }) }),
    ],
  ])('finds nothing and changes nothing when %s', (_, slot) => {
    expect(checkRecipient(slot, aGuess(), at(5))).toEqual(nothing);
    expect(checkRecipient(slot, wrong(), at(5))).toEqual(nothing);
  });

  // Catches: a lock that holds only those who know the id.
  it('is not evaluated while the recipient is locked, except from a known device', () => {
    const slot = aSlot({ failures: 12, lockedUntil: at(9), devices: ['mine'] });
    for (const guess of [aGuess(), wrong(), aGuess({ device: 'other' })])
      expect(checkRecipient(slot, guess, at(5))).toEqual({ outcome: { kind: 'locked', until: at(9) } });
    expect(checkRecipient(slot, aGuess({ device: 'mine' }), at(5)).outcome.kind).toBe('approved');
  });

  it('is remembered with the verification that it was at', () => {
    const { next } = checkRecipient(aSlot(), aGuess(), at(5));
    const later = aSlot({ ...next, current: aRecord({ id: 'v2' }) });
    expect(checkRecipient(later, aGuess(), at(6))).toEqual({
      outcome: { kind: 'approved', verificationId: 'v1' },
    });
  });

  it('is not wrong, and not charged, for a key that is not known here yet', () => {
    const guess = aGuess({ candidatesAt: () => [{ kid: 'k0', mac: RIGHT }] });
    expect(checkRecipient(aSlot(), guess, at(5))).toEqual({ outcome: { kind: 'unknown_key' } });
  });
});
