import { aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import type { EndedStatus } from './decision';
import { ended, hasTimeToSend, isExpired, isLive, msLeft, statusAt, whyNotLive } from './life';

const DAY_MS = 86_400_000;
const withLife = (ttlMs: number) => aRecord({ policy: { ...aRecord().policy, ttlMs }, expiresAt: at(ttlMs) });

describe('the life of a verification', () => {
  // Catches: a code that is accepted at or after its expiry.
  it.each([30_000, 600_000, DAY_MS])(
    'of %d ms lasts until its last millisecond, and not to its end',
    (ttlMs) => {
      const record = withLife(ttlMs);
      const reads = (ms: number) => [
        statusAt(record, at(ms)),
        isLive(record, at(ms)),
        isExpired(record, at(ms)),
      ];
      expect(reads(ttlMs - 1)).toEqual(['pending', true, false]);
      expect(reads(ttlMs)).toEqual(['expired', false, true]);
      expect(reads(ttlMs + 1)).toEqual(['expired', false, true]);
      expect(msLeft(record, at(ttlMs - 1))).toBe(1);
    },
  );

  it.each<EndedStatus>(['approved', 'failed', 'canceled', 'superseded', 'expired'])(
    'reads %s as it ended, before its expiry and after',
    (status) => {
      const record = { ...aRecord(), status };
      expect([statusAt(record, at(1)), statusAt(record, at(DAY_MS))]).toEqual([status, status]);
      expect(isLive(record, at(1))).toBe(false);
    },
  );

  it.each([
    ['a minute', 600_000, 540_000],
    ['a minute, exactly twice that long', 120_000, 60_000],
    ['half of a short life', 119_999, 59_999],
    ['half of the shortest life', 30_000, 15_000],
  ])('has time for one more message with %s left, and with a millisecond less it has not', (_, ttlMs, ms) => {
    const record = withLife(ttlMs);
    expect([hasTimeToSend(record, at(ms)), hasTimeToSend(record, at(ms + 1))]).toEqual([true, false]);
  });

  // Catches: a code that outlives its verification in the database.
  it('takes the code with it when it ends, and nothing else', () => {
    const { mac: _, sealed: __, ...rest } = aRecord();
    const record = ended(aRecord(), 'canceled', at(5), 7);
    expect(record).toStrictEqual({ ...rest, status: 'canceled', endedAt: at(5), seq: 7 });
  });
});

describe('why a verification is not the live one', () => {
  const tombstone = { id: 'gone', status: 'failed', endedAt: at(1), tombstone: true } as const;
  const slot = aSlot({ past: [tombstone, aRecord({ id: 'old', status: 'superseded', endedAt: at(2) })] });

  it.each([
    ['the live one', 'v1', 1, null],
    ['the current one after its expiry', 'v1', 600_000, { kind: 'ended', status: 'expired' }],
    ['a past one', 'old', 1, { kind: 'ended', status: 'superseded' }],
    ['one of which only a tombstone is left', 'gone', 1, { kind: 'ended', status: 'failed' }],
    ['one that the slot does not know', 'other', 1, { kind: 'not_found' }],
  ])('is told of %s', (_, id, ms, expected) => {
    expect(whyNotLive(slot, id, at(ms))).toEqual(expected);
  });
});
