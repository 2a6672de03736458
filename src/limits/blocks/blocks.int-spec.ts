import { BLOCKED_NUMBER, startBlocks, type BlocksInstance } from '../../../test/support/blocks-instance';
import { useDatabase } from '../../../test/support/mongo';
import type { Lease } from '../../common/mongo/lease.repository';
import { newId } from '../../common/ids';
import { MAX_BLOCKS } from './block';
import { BLOCK_LISTS, BLOCKS, type BlockDocument, type BlockListsDocument } from './store/block.schema';

const db = useDatabase();
let one: BlocksInstance;
let other: BlocksInstance;
/** An application of its own for each test. */
let app: string;

beforeAll(async () => {
  one = await startBlocks(db.uri);
  other = await startBlocks(db.uri);
});
beforeEach(() => {
  app = newId();
});
afterAll(() => Promise.all([one.stop(), other.stop()]));

const noLease = {} as Lease;
const caller = (applicationId = app) => ({ applicationId, actor: 'key:k' }) as const;
const number = { kind: 'number', value: BLOCKED_NUMBER } as const;

describe('an entry', () => {
  it.each([
    [{ kind: 'number', value: '+34 600 12 34 56' }, 'blocks.number'],
    [{ kind: 'device', value: 'phone-1' }, 'blocks.device'],
    [{ kind: 'ip', value: '::ffff:192.0.2.7' }, 'blocks.ip'],
    [{ kind: 'ip', value: '192.0.2.99/24' }, 'blocks.ip'],
    [{ kind: 'prefix', value: '+34 600' }, 'blocks.prefix'],
    [{ kind: 'country', value: 'es' }, 'blocks.country'],
  ])('%j refuses the send that it names, and no other', async (body, rule) => {
    expect(await one.answer(app)).toBeNull();
    await one.add(app, body);
    const passage = await one.passage(app);
    expect(passage.refusal).toMatchObject({ code: 'number_blocked' });
    expect(passage.decisions).toMatchObject([{ rule, outcome: 'refused', because: 'block_list' }]);
    const elsewhere = { number: '+33612345678', country: 'FR', clientIp: null, deviceId: null };
    expect(await one.answer(app, elsewhere)).toBeNull();
    expect(await one.answer(newId())).toBeNull();
  });

  // Catches: a deviceId that is compared byte by byte; one that is folded to lower case.
  it('of a device means it in any Unicode form, and in no other case', async () => {
    await one.add(app, { kind: 'device', value: 'caf\u00e9' });
    expect(await one.answer(app, { deviceId: 'cafe\u0301' })).toBe('number_blocked');
    expect(await one.answer(app, { deviceId: 'Caf\u00e9' })).toBeNull();
  });

  it('of the allow list lets through what a broader one blocks, and tells later gates of a number alone', async () => {
    await one.add(app, { kind: 'prefix', value: '+34600' });
    await one.add(app, { list: 'allow', ...number });
    await expect(one.passage(app)).resolves.toMatchObject({ refusal: null, notes: { isAllowListed: true } });
    await one.add(app, { list: 'allow', kind: 'country', value: 'FR' });
    const french = await one.passage(app, { number: '+33612345678', country: 'FR' });
    expect([french.decisions.length, french.notes]).toEqual([1, undefined]);
  });

  // Catches: a second entry for another spelling, of which one would stay when the other is removed.
  it('is one for each list, kind and value: the second takes the place of the first', async () => {
    const first = await one.add(app, { ...number, reason: 'spam' });
    const second = await other.add(app, { kind: 'number', value: '+34-600-123-456', reason: 'fraud' });
    expect(second).toMatchObject({ id: first.id, reason: 'fraud', createdAt: first.createdAt });
    const allow = await one.add(app, { list: 'allow', ...number });
    const { data } = await one.blocks.list(caller(), { limit: 10 });
    expect(data.map(({ id }) => id).sort()).toEqual([first.id, allow.id].sort());
    expect(await one.blocks.lookup(caller(), number)).toHaveLength(2);
  });

  it("is another application's for nobody else to see or remove", async () => {
    const { id } = await one.add(app, number);
    const stranger = caller(newId());
    await expect(one.blocks.get(stranger, id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(one.blocks.remove(stranger, id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(one.blocks.get(caller(), id)).resolves.toMatchObject({ id });
    expect((await one.blocks.list(stranger, { limit: 10 })).data).toEqual([]);
  });

  it('is listed newest first, page by page', async () => {
    const ids: string[] = [];
    for (const value of ['ES', 'FR', 'PT']) ids.unshift((await one.add(app, { kind: 'country', value })).id);
    const first = await one.blocks.list(caller(), { limit: 2 });
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const [, last] = first.data;
    const second = await one.blocks.list(caller(), { limit: 2, cursor: last! });
    expect(second).toMatchObject({ data: [{ id: ids[2] }], nextCursor: null });
  });

  it.each([
    [{ kind: 'number', value: '600123456' }, 'phone_invalid', 'value'],
    [{ kind: 'number', value: '+34' }, 'phone_invalid', 'value'],
    [{ kind: 'ip', value: '192.0.2.256' }, 'invalid_request', 'value'],
    [{ kind: 'prefix', value: '34' }, 'invalid_request', 'value'],
    [{ kind: 'country', value: 'XX' }, 'invalid_request', 'value'],
    [{ ...number, reason: 'complaint of 600 12 34 56' }, 'invalid_request', 'reason'],
  ])('is refused where it is %j', async (body, code, path) => {
    await expect(one.add(app, body)).rejects.toMatchObject({ code, details: { errors: [{ path }] } });
    expect(await one.events(app)).toEqual([]);
  });

  // Catches: a number or a device in clear, in the lists or in the log.
  it('leaves no number and no device behind, and no address in the log', async () => {
    await one.add(app, { ...number, reason: 'my words' });
    await one.add(app, { kind: 'device', value: 'phone-1' });
    await one.add(app, { kind: 'ip', value: '192.0.2.7' });
    const stored = JSON.stringify(
      await db.connection.collection(BLOCKS).find({ applicationId: app }).toArray(),
    );
    const log = JSON.stringify(await one.events(app));
    for (const clear of ['600123456', 'phone-1']) expect(stored + log).not.toContain(clear);
    expect(stored).toContain('+34*******56');
    for (const clear of ['192.0.2.7', 'my words']) expect(log).not.toContain(clear);
  });

  it('is in the audit log when it comes and when it goes', async () => {
    const { id } = await one.add(app, number);
    await one.blocks.remove(caller(), id);
    const fields = { blockId: id, list: 'block', kind: 'number', expiresAt: null };
    expect(await one.events(app)).toMatchObject([
      { type: 'block_added', actor: 'key:k', to: '+34*******56', data: fields },
      { type: 'block_removed', actor: 'key:k', to: '+34*******56', data: fields },
    ]);
    await expect(one.blocks.remove(caller(), id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await one.events(app)).toHaveLength(2);
  });
});

describe('a change', () => {
  // Catches: without the read after the commit it takes the next poll (drop `lists.changed`).
  it('holds at once where it was made, also for a list that is in memory', async () => {
    expect(await one.answer(app)).toBeNull();
    const { id } = await one.add(app, number);
    expect(await one.answer(app)).toBe('number_blocked');
    await one.blocks.remove(caller(), id);
    expect(await one.answer(app)).toBeNull();
  });

  // Catches: changes read by time of creation, or removals that leave no trace.
  it('holds on another instance with its next poll, and within 4 s without one', async () => {
    expect(await other.answer(app)).toBeNull();
    const { id } = await one.add(app, number);
    expect(await other.answer(app)).toBeNull();
    await other.lists.poll();
    expect(await other.answer(app)).toBe('number_blocked');
    await one.blocks.remove(caller(), id);
    other.time.skewMs += 4_001;
    expect(await other.answer(app)).toBeNull();
  });

  it('ends by itself, by the clock of the database and not by that of the instance', async () => {
    one.time.wrongByMs = -3_600_000;
    const expiresAt = Date.now() + 1_500;
    await one.add(app, { ...number, expiresAt: new Date(expiresAt).toISOString() });
    one.time.wrongByMs = 0;
    other.time.wrongByMs = 3_600_000;
    expect(await other.answer(app)).toBe('number_blocked');
    const { decisions } = await other.passage(app);
    expect(decisions[0]?.until?.getTime()).toBe(expiresAt);
    other.time.wrongByMs = -3_600_000;
    while ((await other.answer(app)) !== null) await new Promise((done) => setTimeout(done, 20));
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    other.time.wrongByMs = 0;
    expect((await other.blocks.list(caller(), { limit: 10 })).data).toEqual([]);
  });

  // Catches: an end that nobody is told of; an event for each run; an entry made anew that is removed with the old one.
  it('that ends is told of once, and what the entry said is gone', async () => {
    const ends = (ms: number) => ({ expiresAt: new Date(Date.now() + ms).toISOString() });
    const over = await one.add(app, { ...number, reason: 'for a moment', ...ends(30) });
    const again = await one.add(app, { kind: 'country', value: 'FR', ...ends(30) });
    await one.add(app, { kind: 'country', value: 'PT', ...ends(60_000) });
    await new Promise((done) => setTimeout(done, 60));
    const [before] = await Promise.all([one.repository.ended(Date.now(), 10), one.endsJob.hasWork?.()]);
    await one.add(app, { kind: 'country', value: 'FR', reason: 'still' });
    await one.repository.forget(before, Date.now());
    expect(await one.answer(app, { country: 'FR', number: '+33612345678' })).toBe('number_blocked');
    await one.add(app, { ...number, ...ends(30) });
    await new Promise((done) => setTimeout(done, 60));
    await Promise.all([one.endsJob.run(noLease), other.endsJob.run(noLease)]);
    await one.endsJob.run(noLease);
    const ended = (await one.events(app)).filter(({ data }) => data['because'] === 'ended');
    expect(ended).toMatchObject([{ type: 'block_removed', actor: 'job:blocks', data: { blockId: over.id } }]);
    const left = await db.connection.collection<{ _id: string }>(BLOCKS).findOne({ _id: over.id });
    expect(Object.keys(left ?? {}).sort()).toEqual(['_id', 'applicationId', 'purgeAt', 'removed', 'rev']);
    expect((await one.blocks.list(caller(), { limit: 9 })).data.map(({ shown }) => shown)).toEqual([
      'FR',
      'PT',
    ]);
    expect(again.id).not.toBe(over.id);
  });

  it('is not lost and not doubled when two instances make many at once', async () => {
    const codes = ['ES', 'FR', 'PT', 'IT', 'DE', 'AT'];
    await Promise.all(
      codes.flatMap((value) => [one, other].map((by) => by.add(app, { kind: 'country', value }))),
    );
    expect((await one.blocks.list(caller(), { limit: 100 })).data).toHaveLength(codes.length);
    expect(await one.events(app)).toHaveLength(2 * codes.length);
    await other.lists.poll();
    for (const by of [one, other])
      for (const country of codes) expect(await by.answer(app, { country })).toBe('number_blocked');
    const lists = db.connection.collection<BlockListsDocument>(BLOCK_LISTS);
    expect(await lists.findOne({ _id: app })).toMatchObject({
      rev: 2 * codes.length,
      count: { api: codes.length },
    });
  });
});

describe('thousands of entries', () => {
  /** Puts entries there as if they had been made one by one. */
  async function fill(count: number, change: Partial<BlockDocument> = {}): Promise<void> {
    const documents = Array.from({ length: count }, (_, n) => ({
      _id: newId(),
      applicationId: app,
      ...{ list: 'block', kind: 'prefix', key: `+3460${String(n).padStart(5, '0')}`, shown: null },
      ...{ reason: 'import', origin: 'api', author: 'key:k', createdAt: new Date(n), expiresAt: null },
      ...{ rev: n + 1, purgeAt: null },
      ...change,
    }));
    await db.connection.collection<{ _id: string }>(BLOCKS).insertMany(documents);
    const lists = db.connection.collection<BlockListsDocument>(BLOCK_LISTS);
    await lists.insertOne({ _id: app, rev: count, count: { api: count } });
  }

  // Catches: a limit that is counted before the transaction (11,000 would fit), or not at all.
  it('are full at 10,000, also when many come at once, and have room for a STOP all the same', async () => {
    await fill(MAX_BLOCKS.api - 3);
    const values = ['ES', 'FR', 'PT', 'IT', 'DE', 'AT'];
    const answers = await Promise.allSettled(
      values.map((value, n) => [one, other][n % 2]!.add(app, { kind: 'country', value })),
    );
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(3);
    expect(refused[0]?.reason).toMatchObject({
      code: 'invalid_request',
      details: { errors: [{ path: 'value' }] },
    });
    const recipient = one.keys.recipientKey(app, '+33612345678');
    await one.blocks.stop({ applicationId: app, recipient, masked: null, author: 'receipt:twilio' });
    expect(await one.answer(app, { number: '+33612345678', country: null })).toBe('number_blocked');
    // One that is there may still be changed.
    const accepted = values[answers.findIndex(({ status }) => status === 'fulfilled')];
    await expect(one.add(app, { kind: 'country', value: accepted, reason: 'again' })).resolves.toMatchObject({
      reason: 'again',
    });
  });

  it('have room again when some of them have ended', async () => {
    await fill(MAX_BLOCKS.api, { expiresAt: new Date(Date.now() - 1) });
    await expect(one.add(app, number)).resolves.toMatchObject({ list: 'block' });
  });

  it('are all in force on every instance, and the next change costs one small read', async () => {
    await fill(5_000);
    expect(await other.answer(app, { number: '+34600499912' })).toBe('number_blocked');
    expect(await other.answer(app, { number: '+34600500012' })).toBeNull();
    await one.add(app, { kind: 'prefix', value: '+34600500' });
    await other.lists.poll();
    expect(await other.answer(app, { number: '+34600500012' })).toBe('number_blocked');
  });
});

describe('a STOP', () => {
  const stop = () =>
    one.blocks.stop({
      applicationId: app,
      recipient: one.keys.recipientKey(app, BLOCKED_NUMBER),
      masked: '+34*******56',
      author: 'receipt:twilio',
    });

  it('blocks the number, says who said so, and is written once', async () => {
    await stop();
    await stop();
    const passage = await one.passage(app);
    expect(passage.decisions).toMatchObject([{ rule: 'blocks.number', because: 'stop' }]);
    expect((await one.blocks.lookup(caller(), number))[0]).toMatchObject({
      reason: 'stop',
      author: 'receipt:twilio',
      shown: '+34*******56',
      expiresAt: null,
    });
    expect(await one.events(app)).toMatchObject([
      { type: 'block_added', actor: 'job:receipt', data: { because: 'stop', author: 'receipt:twilio' } },
    ]);
  });

  it('takes the end from an entry, and nothing from one without', async () => {
    await one.add(app, { ...number, expiresAt: new Date(Date.now() + 60_000).toISOString() });
    await stop();
    expect((await one.blocks.lookup(caller(), number))[0]).toMatchObject({
      reason: 'stop',
      expiresAt: null,
    });
    await one.add(app, { ...number, reason: 'fraud' });
    await stop();
    expect((await one.blocks.lookup(caller(), number))[0]).toMatchObject({ reason: 'fraud' });
  });

  it('holds against the allow list, until it is removed', async () => {
    await one.add(app, { list: 'allow', ...number });
    await stop();
    expect(await one.answer(app)).toBe('number_blocked');
    const [entry] = await one.blocks.lookup(caller(), number);
    await one.blocks.remove(caller(), entry!.id);
    expect(await one.answer(app)).toBeNull();
  });
});
