import { aDelivery, aRecord, aSlot, at } from '../../../test/builders/slot-state.builder';
import { hasNews, planRelay } from './relay-plan';
import type { Slot, SlotEvent } from '../slots/slot';

const event = (seq: number, verificationId = 'v1'): SlotEvent => ({
  type: 'created',
  verificationId,
  seq,
  at: at(0),
  actor: 'key:test',
  to: '+44*********00',
  data: { channel: 'sms' },
});
const tombstone = { id: 'gone', status: 'approved', endedAt: at(0), tombstone: true } as const;
const past = (id: string, change: object = {}) =>
  aRecord({ id, status: 'expired', endedAt: at(0), ...change });

describe('what slots have to say', () => {
  it('is each event, with where it happened', () => {
    const { batch } = planRelay([
      aSlot({ outbox: [event(1), event(2)] }),
      aSlot({ outbox: [event(1, 'w')] }),
    ]);
    expect(batch.events.map(({ id }) => id)).toEqual(['v1.000001', 'v1.000002', 'w.000001']);
    expect(batch.events[0]).toEqual({
      id: 'v1.000001',
      type: 'created',
      applicationId: 'app',
      verificationId: 'v1',
      seq: 1,
      at: at(0),
      actor: 'key:test',
      purpose: 'default',
      to: '+44*********00',
      data: { channel: 'sms' },
    });
  });

  it('is one snapshot of each verification that has changed, however often', () => {
    const slot = aSlot({
      current: aRecord({ seq: 4 }),
      past: [tombstone, past('quiet'), past('marked', { rev: 1, uncopiedAt: at(1) }), past('told')],
      outbox: [event(3), event(4), event(2, 'told')],
    });
    expect(planRelay([slot]).batch.snapshots.map(({ id }) => id)).toEqual(['marked', 'told', 'v1']);
  });

  it('never holds the code, its MAC, the digest of a transaction, a clear number or a lease', () => {
    const current = aRecord({
      transactionDigest: Buffer.alloc(32, 3),
      followAt: at(9),
      plan: { steps: [{ channel: 'sms', waitMs: 1 }], step: 0 },
      deliveries: [aDelivery()],
    });
    const [snapshot] = planRelay([aSlot({ current, outbox: [event(1)] })]).batch.snapshots;
    for (const field of ['mac', 'sealed', 'transactionDigest', 'masked', 'refunds', 'plan', 'followAt'])
      expect(snapshot).not.toHaveProperty(field);
    expect(snapshot!.deliveries[0]).not.toHaveProperty('lease');
    expect(snapshot).toMatchObject({
      id: 'v1',
      slotId: 'slot-1',
      recipient: 'recipient',
      personal: current.personal,
    });
  });

  it('is acknowledged as it was read: each event, each whole record at its version', () => {
    const slot = aSlot({
      current: aRecord({ seq: 2, rev: 3 }),
      past: [tombstone, past('old')],
      outbox: [event(2)],
    });
    expect(planRelay([slot]).acknowledgements).toEqual([
      {
        slotId: 'slot-1',
        command: {
          events: [{ verificationId: 'v1', seq: 2 }],
          copied: [
            { id: 'old', seq: 1, rev: 0 },
            { id: 'v1', seq: 2, rev: 3 },
          ],
          dropped: [],
        },
      },
    ]);
  });

  it('tells the sinks which tombstones are dropped: nothing else times their erasure', () => {
    const many = Array.from({ length: 202 }, (_, n) => ({ ...tombstone, id: `t${n}` }));
    const { batch, acknowledgements } = planRelay([aSlot({ past: many, outbox: [event(1)] })]);
    expect(batch.dropped).toEqual(['t0', 't1']);
    expect(acknowledgements[0]!.command.dropped).toEqual(['t0', 't1']);
  });

  it.each<[string, Partial<Slot>, boolean]>([
    ['an event', { outbox: [event(1)] }, true],
    ['a mark', { current: aRecord({ rev: 1, uncopiedAt: at(1) }) }, true],
    ['a mark of a past verification', { past: [past('old', { rev: 1, uncopiedAt: at(1) })] }, true],
    ['neither', { past: [tombstone, past('old')] }, false],
  ])('is there with %s', (_name, state, expected) => {
    expect(hasNews(aSlot(state))).toBe(expected);
  });
});
