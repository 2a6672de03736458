import { aClaim, aRunningRecord } from '../../../../test/builders/idempotency.builder';
import { useDatabase } from '../../../../test/support/mongo';
import { claimPipeline, RECORD_LIFE_MS } from './claim.pipeline';
import type { Claim, IdempotencyRecord } from './idempotency';

describe('the claim, to the millisecond', () => {
  const database = useDatabase();
  const NOW = new Date('2030-01-31T12:00:00.000Z');
  const at = (ms: number) => new Date(NOW.getTime() + ms);
  const stored = aRunningRecord({ takenAt: NOW, expiresAt: at(RECORD_LIFE_MS) });
  const claim = aClaim();

  const claimed = async (document: object, by: Claim = claim) => {
    const stages = [{ $documents: [{ $literal: document }] }, ...claimPipeline(by, NOW)];
    const [result] = await database.durableDb.aggregate<IdempotencyRecord>(stages).toArray();
    return result!;
  };

  it('makes a whole record where there is none', async () => {
    expect(await claimed({ _id: 'record' })).toEqual({ ...stored, ...claim });
  });

  it.each<[string, string, Partial<IdempotencyRecord>]>([
    ['runs since 29.999 s', 'first op', { takenAt: at(-29_999) }],
    ['runs since 30 s', 'second op', { takenAt: at(-30_000) }],
    ['was taken 29.999 s ahead (neighbouring clocks)', 'first op', { takenAt: at(29_999) }],
    ['was taken 30 s ahead (a clock stepped back)', 'second op', { takenAt: at(30_000) }],
    ['was suspended just now', 'second op', { state: 'suspended' }],
    ['was answered long ago', 'first op', { state: 'done', takenAt: at(-3_600_000) }],
    ['ends in 1 ms', 'first op', { state: 'done', expiresAt: at(1) }],
    ['ends now', 'second op2', { state: 'done', expiresAt: at(0) }],
    ['runs since 30 s with another request', 'first op', { takenAt: at(-30_000), fingerprint: 'other' }],
    ['was suspended with another request', 'first op', { state: 'suspended', fingerprint: 'other' }],
  ])('of a record that %s leaves %s', async (_, attemptAndOp, over) => {
    const result = await claimed({ ...stored, ...over });
    expect(`${result.attempt} ${result.opId}`).toBe(attemptAndOp);
    if (result.attempt === 'second')
      expect(result).toMatchObject({ state: 'running', takenAt: NOW, response: null });
    else expect(result).toEqual({ ...stored, ...over });
  });

  it('takes its values as they are, never as expressions', async () => {
    const hostile: Claim = { fingerprint: '$_id', attempt: '$$ROOT', opId: '$$NOW', verificationId: '$opId' };
    expect(await claimed({ _id: 'record' }, hostile)).toMatchObject(hostile);
    const taken = await claimed({ ...stored, fingerprint: '$_id', state: 'suspended' }, hostile);
    expect(taken).toMatchObject({ attempt: '$$ROOT', opId: 'op' });
  });
});
