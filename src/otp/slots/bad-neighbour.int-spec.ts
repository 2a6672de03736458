import { newId } from '../../common/ids';
import { useDatabase } from '../../../test/support/mongo';
import { checkConstants, createConstants } from '../../../test/builders/slot.builder';
import type { CheckConstants } from './pipelines/check.pipeline';
import type { CreateConstants } from './pipelines/create.pipeline';
import type { SlotDocument } from './slot';
import { SlotRepository } from './slot.repository';
import { SLOTS } from './slot.schema';

/**
 * One batch with an operation in it that the server or BSON refuses. Each of these was seen to fail without the
 * second run one by one in group-commit.ts (`oneByOne`): the neighbours then heard of a refusal that was not
 * theirs. That nothing is charged twice by the second run was seen to fail without `alreadyDone` in
 * expressions.ts.
 */
describe('a bad operation among good ones in a batch', () => {
  const database = useDatabase();
  let slots: SlotRepository;

  beforeAll(async () => {
    slots = new SlotRepository(database.durableDb);
    await database.durableDb.collection(SLOTS).createIndex({ ids: 1 });
  });

  const slotOf = async (id: string): Promise<SlotDocument> => {
    const slot = await database.durableDb.collection<SlotDocument>(SLOTS).findOne({ ids: id });
    if (!slot) throw new Error('no such slot');
    return slot;
  };

  /** Started in one go behind an operation that is under way: they leave together. */
  const together = async <T>(work: (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]> => {
    const decoy = slots.create(newId(), createConstants());
    const results = Promise.allSettled(work.map((one) => one()));
    await decoy;
    return results;
  };

  const started = async (count: number): Promise<string[]> => {
    const asks = Array.from({ length: count }, () => createConstants());
    await Promise.all(asks.map((ask) => slots.create(newId(), ask)));
    return asks.map((ask) => ask.record.id);
  };

  const withTtl = (ttlMs: unknown): CreateConstants => {
    const ask = createConstants();
    const policy = { ...ask.record.policy, ttlMs: ttlMs as number };
    return { ...ask, record: { ...ask.record, policy } };
  };

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;

  it.each([
    ['a time to live that is no number, at which the pipeline fails', withTtl('long')],
    ['a value that BSON cannot hold', withTtl(circular)],
    ['a value too large for one command', withTtl('x'.repeat(17 * 1024 * 1024))],
  ])('of creates: %s', async (_, bad) => {
    const good = Array.from({ length: 6 }, () => createConstants());
    const asks = [...good.slice(0, 3), bad, ...good.slice(3)];
    const results = await together(asks.map((ask) => () => slots.create(newId(), ask)));
    expect(results.map((result) => result.status)).toEqual(
      asks.map((ask) => (ask === bad ? 'rejected' : 'fulfilled')),
    );
    for (const { record } of good) expect((await slotOf(record.id)).current.status).toBe('pending');
    await expect(slotOf(bad.record.id)).rejects.toThrow('no such slot');
  });

  /** A slot whose document makes every check of it fail in the server. */
  const poison = async (id: string): Promise<void> => {
    await database.durableDb.collection(SLOTS).updateOne({ ids: id }, { $set: { failures: 'many' } });
  };
  const withMac = (id: string, mac: unknown): CheckConstants => {
    const guess = checkConstants(id, '222222');
    return { ...guess, candidates: [{ kid: 'k1', mac: mac as CheckConstants['candidates'][0]['mac'] }] };
  };

  it.each([
    ['a document at which the pipeline fails', null],
    ['a value that BSON cannot hold', circular],
    ['a value too large for one command', 'x'.repeat(17 * 1024 * 1024)],
  ])('of checks: %s; each of the others is charged once', async (_, mac) => {
    const ids = await started(6);
    const bad = ids[3]!;
    if (mac === null) await poison(bad);
    const guesses = ids.map((id) => {
      if (id === bad && mac !== null) return withMac(id, mac);
      return checkConstants(id, id === ids[0] ? '111111' : '222222');
    });
    const results = await together(guesses.map((guess) => () => slots.check(guess)));
    const outcomes = results.map((result) =>
      result.status === 'fulfilled' && result.value.ok ? result.value.outcome : result.status,
    );
    expect(outcomes).toEqual(['approved', 'wrong', 'wrong', 'rejected', 'wrong', 'wrong']);
    for (const id of ids.filter((one) => one !== bad)) {
      const { current, failures } = await slotOf(id);
      expect(current.checksUsed).toBe(1);
      expect(failures).toBe(id === ids[0] ? 0 : 1);
    }
    expect((await slotOf(bad)).current.checksUsed).toBe(0);
  });

  it('of several kinds on one slot: the other kinds are done', async () => {
    const [id] = await started(1);
    const slotId = (await slotOf(id!))._id;
    const results = await together<unknown>([
      () => slots.check(withMac(id!, circular)),
      () => slots.check(checkConstants(id!, '333333')),
      () => slots.create(slotId, { ...withTtl('long'), whenPending: 'replace', cooldownMs: 0 }),
      () => slots.cancel({ applicationId: 'app', op: newId(), actor: 'key:test', verificationId: id! }),
    ]);
    expect(results.map((result) => result.status)).toEqual([
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(results[1]).toMatchObject({ value: { ok: true, outcome: 'wrong' } });
    expect(results[3]).toMatchObject({ value: { ok: true, outcome: 'canceled' } });
    expect(await slotOf(id!)).toMatchObject({ failures: 1, current: { status: 'canceled', checksUsed: 1 } });
  });
});
