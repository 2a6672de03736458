import { aDelivery, aRecord, aSlot, at } from '../../../../../test/builders/slot-state.builder';
import type { Slot, SlotEvent, Tombstone, VerificationRecord } from '../../slot';
import { erase } from './erase';

const DAY_MS = 86_400_000;

const tombstone = (id: string, endedAt: number): Tombstone => ({
  id,
  status: 'superseded',
  endedAt: at(endedAt),
  tombstone: true,
});
const ended = (overrides: Partial<VerificationRecord> = {}): VerificationRecord =>
  aRecord({ status: 'approved', endedAt: at(1_000), transactionDigest: Buffer.alloc(32, 2), ...overrides });
const event: SlotEvent = {
  type: 'approved',
  verificationId: 'v1',
  seq: 2,
  at: at(1_000),
  actor: 'key:test',
  to: '+44*********00',
  data: {},
};

describe('erase', () => {
  const slot = aSlot({ current: ended(), past: [tombstone('a', 0), tombstone('b', 500)], purgeAt: at(1) });
  const eraseAll = (of: Slot, ms: number, verificationIds = ['a', 'v1']) =>
    erase(of, { verificationIds }, at(ms));

  it('knows of no slot', () => {
    expect(erase(null, { verificationIds: ['a'] }, at(0))).toEqual({ outcome: { kind: 'nothing' } });
  });

  it('removes personal data and tombstones of those named', () => {
    const { outcome, next } = eraseAll(slot, DAY_MS + 1_000);
    expect(outcome).toEqual({ kind: 'erased' });
    expect(next!.current).toEqual({ ...ended(), personal: null, transactionDigest: null });
    expect(next).toMatchObject({ past: [tombstone('b', 500)], ids: ['b', 'v1'] });
    // Nothing happened: the slot lives no longer for it.
    expect(next!.purgeAt).toEqual(slot.purgeAt);
  });

  it('changes nothing the second time', () => {
    const { next } = eraseAll(slot, DAY_MS + 1_000);
    expect(eraseAll(next!, DAY_MS + 1_000)).toEqual({ outcome: { kind: 'nothing' } });
  });

  it('does not come before 24 hours are over', () => {
    expect(eraseAll(slot, DAY_MS - 1)).toEqual({ outcome: { kind: 'nothing' } });
    const { next } = eraseAll(slot, DAY_MS + 999);
    expect(next!.current).toBe(slot.current);
    expect(next!.past).toEqual([tombstone('b', 500)]);
  });

  it.each<[string, Partial<Slot>]>([
    ['is alive', { current: aRecord() }],
    ['has an event that is not in the log', { outbox: [event] }],
    ['has a change that is not in the read model', { current: ended({ rev: 1, uncopiedAt: at(1_000) }) }],
    ['is nobody that was named', { current: ended({ id: 'v2' }) }],
  ])('leaves alone a verification that %s', (_name, state) => {
    const other = { ...slot, ...state, past: [] };
    expect(eraseAll(other, 9 * DAY_MS)).toEqual({ outcome: { kind: 'nothing' } });
  });

  it('leaves alone a past verification that is still whole', () => {
    const whole = aSlot({ past: [ended({ id: 'a', deliveries: [aDelivery()] })] });
    expect(eraseAll(whole, 9 * DAY_MS)).toEqual({ outcome: { kind: 'nothing' } });
  });

  it('forgets operations that nobody may ask for any more', () => {
    const ops = [
      { op: 'a', outcome: 'started', at: at(0), keyed: true as const },
      { op: 'b', outcome: 'approved', at: at(1_000), keyed: true as const },
    ];
    expect(eraseAll({ ...slot, ops }, DAY_MS + 500).next!.ops).toEqual([ops[1]]);
  });
});
