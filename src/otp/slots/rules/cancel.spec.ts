import { aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import { cancel, type CancelCommand } from './cancel';
import type { Slot } from '../slot';

const aCancel = (overrides: Partial<CancelCommand> = {}): CancelCommand => ({
  applicationId: 'app',
  actor: 'key:test',
  op: 'cancel-1',
  keyed: true,
  verificationId: 'v1',
  ...overrides,
});

describe('cancel', () => {
  // Catches: a code that is worth something after the answer said that it is not.
  it('ends what is live and takes the code away, locked or not', () => {
    const slot = aSlot({ failures: 100, purgeAt: at(9) });
    const { outcome, next, relies } = cancel(slot, aCancel(), at(1));
    expect([outcome, relies]).toEqual([{ kind: 'canceled' }, 'alive']);
    expect(next!.current).toMatchObject({ status: 'canceled', endedAt: at(1), seq: 2 });
    for (const key of ['mac', 'sealed']) expect(next!.current).not.toHaveProperty(key);
    expect(next).toMatchObject({
      failures: 100,
      sends: slot.sends,
      ops: [{ op: 'cancel-1', outcome: 'canceled', at: at(1), keyed: true }],
      outbox: [{ type: 'canceled', verificationId: 'v1', seq: 2, at: at(1), actor: 'key:test' }],
    });
    expect(next).not.toHaveProperty('purgeAt');
  });

  it('works in the last millisecond of a life', () => {
    expect(cancel(aSlot(), aCancel(), at(599_999)).outcome).toEqual({ kind: 'canceled' });
  });

  const past = [aRecord({ id: 'old', status: 'approved', endedAt: at(1) })];
  it.each<[what: string, slot: Slot | null, ms: number, command: CancelCommand, outcome: object]>([
    ['a slot that is not there', null, 0, aCancel(), { kind: 'not_found' }],
    [
      'a verification of another application',
      aSlot(),
      0,
      aCancel({ applicationId: 'other' }),
      { kind: 'not_found' },
    ],
    ['one that the slot does not know', aSlot(), 0, aCancel({ verificationId: 'v9' }), { kind: 'not_found' }],
    ['one at its expiry', aSlot(), 600_000, aCancel(), { kind: 'ended', status: 'expired' }],
    [
      'a past one',
      aSlot({ past }),
      2,
      aCancel({ verificationId: 'old' }),
      { kind: 'ended', status: 'approved' },
    ],
  ])('changes nothing about %s', (_, slot, ms, command, outcome) => {
    expect(cancel(slot, command, at(ms))).toEqual({ outcome });
  });

  it('hears the same and changes nothing when it is sent twice', () => {
    const { next } = cancel(aSlot(), aCancel(), at(1));
    expect(cancel(next!, aCancel(), at(2))).toEqual({ outcome: { kind: 'canceled' } });
    expect(cancel(next!, aCancel({ op: 'cancel-2' }), at(2)).outcome).toEqual({
      kind: 'ended',
      status: 'canceled',
    });
  });
});
