import { aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import { expire } from './expire';

const DAY_MS = 86_400_000;
const byJob = { actor: 'job:expiry' } as const;

describe('expire', () => {
  it('leaves a verification alone in its last millisecond and ends it in the next', () => {
    const slot = aSlot({ failures: 3, purgeAt: at(9) });
    expect(expire(slot, byJob, at(599_999))).toEqual({ outcome: { kind: 'nothing' } });
    const { outcome, next, relies } = expire(slot, byJob, at(600_000));
    const { mac: _, sealed: __, ...rest } = slot.current;
    const { purgeAt: ___, ...kept } = slot;
    expect([outcome, relies]).toEqual([{ kind: 'expired' }, 'lapsed']);
    expect(next).toStrictEqual({
      ...kept,
      current: { ...rest, status: 'expired', endedAt: at(600_000), seq: 2 },
      outbox: [
        {
          type: 'expired',
          verificationId: 'v1',
          seq: 2,
          at: at(600_000),
          actor: 'job:expiry',
          to: slot.current.masked,
          data: {},
        },
      ],
    });
  });

  it('tells the moment of expiry, however late it comes, and says it once', () => {
    const { next } = expire(aSlot(), byJob, at(600_000 + DAY_MS));
    expect(next).toMatchObject({ current: { endedAt: at(600_000) }, outbox: [{ at: at(600_000) }] });
    expect(expire(next!, byJob, at(600_000 + 2 * DAY_MS))).toEqual({ outcome: { kind: 'nothing' } });
  });

  it.each(['approved', 'failed', 'canceled'] as const)('does not touch what was %s', (status) => {
    const slot = aSlot({ current: aRecord({ status, endedAt: at(1) }) });
    expect(expire(slot, byJob, at(DAY_MS))).toEqual({ outcome: { kind: 'nothing' } });
  });

  it('knows of no slot', () => {
    expect(expire(null, byJob, at(0))).toEqual({ outcome: { kind: 'nothing' } });
  });
});
