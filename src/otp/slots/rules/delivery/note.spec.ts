import { aClaim, answered, aFact, firstDelivery, told } from '../../../../../test/builders/delivery.builder';
import { aDelivery, anAttempt, aRecord, aSlot, at } from '../../../../../test/builders/slot-state.builder';
import type { Slot } from '../../slot';
import { claim } from './claim';
import { note, type NoteCommand } from './note';

const open = anAttempt({ provider: 'slow', outcome: 'unknown', reason: 'timeout', reference: null });
const command: NoteCommand = {
  verificationId: 'v1',
  deliveryId: 'd1',
  leaseOwner: 'me',
  leaseN: 1,
  attempts: [open],
};
const nothing = { outcome: { kind: 'nothing' } };
const noted = (slot: Slot = aSlot(), attempts = command.attempts): Slot =>
  note(slot, { ...command, attempts }).next ?? slot;

describe('a note of what the gateways said so far', () => {
  it('keeps the attempts and the lease, and is no event', () => {
    const lease = { owner: 'me', n: 1, until: at(30_000), noted: 1 };
    expect(note(aSlot(), command)).toEqual({
      outcome: { kind: 'noted' },
      next: aSlot({ current: aRecord({ deliveries: [aDelivery({ attempts: [open], lease })] }) }),
    });
  });

  // Catches: a repeat that writes the same calls down twice.
  it('changes nothing when it is repeated', () => {
    expect(note(noted(), command)).toEqual({ outcome: { kind: 'noted' } });
  });

  it.each([
    ['another owner', { leaseOwner: 'other' }],
    ['an earlier owner', { leaseN: 2 }],
    ['another delivery', { deliveryId: 'd2' }],
  ])('changes nothing when it is of %s', (_who, names) => {
    expect(note(aSlot(), { ...command, ...names })).toEqual(nothing);
    expect(note(null, command)).toEqual(nothing);
  });

  // Catches: a result that writes down again what was noted: one call counted and billed twice.
  it('is joined by the rest when the result comes, whatever receipts said in between', () => {
    const all = [open, anAttempt()];
    const { attempts } = firstDelivery(answered(noted(), 10, all));
    expect(attempts).toEqual(all);
    const between = told(noted(), 5, [aFact('sent')], { gateway: 'slow' });
    expect(firstDelivery(answered(between, 10, all)).attempts).toEqual([
      { ...open, receipt: 'sent' },
      all[1],
    ]);
  });

  it('goes on from what was noted before', () => {
    const three = [open, anAttempt({ provider: 'b', outcome: 'unknown' }), anAttempt()];
    const twice = noted(noted(), three.slice(0, 2));
    expect(firstDelivery(twice).attempts).toEqual(three.slice(0, 2));
    expect(firstDelivery(answered(twice, 10, three)).attempts).toEqual(three);
  });

  // Catches: a refusal after a crash that gives the send back, although the text may be on its way.
  it('leaves the outcome open when the next owner meets refusals only', () => {
    const claimed = claim(noted(), aClaim({ leaseOwner: 'me' }), at(30_000)).next;
    const refused = anAttempt({ outcome: 'rejected', reason: 'no-credit', reference: null });
    const slot = answered(claimed ?? aSlot(), 30_010, [refused], { leaseN: 2 });
    expect(firstDelivery(slot)).toMatchObject({ state: 'unknown', lostCalls: 1, attempts: [open, refused] });
    expect(slot.outbox.at(-1)).toMatchObject({ type: 'send_failed', data: { state: 'unknown' } });
    expect([slot.sends, slot.current.refunds]).toEqual([aSlot().sends, 0]);
  });
});
