import { aDelivery, aRecord, aSlot, at } from '../../../../../test/builders/slot-state.builder';
import { release } from './release';

const command = { verificationId: 'v1', deliveryId: 'd1', leaseOwner: 'me', leaseN: 1, unused: false };
const nothing = { outcome: { kind: 'nothing' } };

describe('a release', () => {
  it('ends the lease of its owner at once', () => {
    const slot = aSlot({ purgeAt: at(1) });
    const deliveries = [aDelivery({ lease: { owner: 'me', n: 1, until: at(5) } })];
    expect(release(slot, command, at(5))).toEqual({
      outcome: { kind: 'released' },
      next: { ...slot, current: aRecord({ deliveries }) },
    });
  });

  it('says whether any gateway was called', () => {
    const { next } = release(aSlot(), { ...command, unused: true }, at(5));
    expect(next?.current.deliveries[0]?.lease).toEqual({ owner: 'me', n: 1, until: at(5), unused: true });
  });

  it.each([
    ['another owner', { leaseOwner: 'other' }],
    ['an earlier owner', { leaseN: 2 }],
    ['another delivery', { deliveryId: 'd2' }],
    ['another verification', { verificationId: 'v2' }],
  ])('changes nothing when it is of %s', (_who, names) => {
    expect(release(aSlot(), { ...command, ...names }, at(5))).toEqual(nothing);
  });

  it('changes nothing without a slot', () => {
    expect(release(null, command, at(5))).toEqual(nothing);
  });

  it('never makes a lease longer, so a repeat changes nothing', () => {
    const slot = aSlot();
    expect(release(slot, command, at(30_000))).toEqual(nothing);
    expect(release(release(slot, command, at(5)).next ?? slot, command, at(6))).toEqual(nothing);
  });

  it('leaves the lease of a past verification to run out', () => {
    const slot = aSlot({ current: aRecord({ id: 'v2' }), past: [aRecord({ status: 'superseded' })] });
    expect(release(slot, command, at(5))).toEqual(nothing);
  });
});
