import mongoose, { mongo, type Connection } from 'mongoose';
import { jobInstance } from '../../../test/support/job-instance';
import { useDatabase } from '../../../test/support/mongo';
import { systemClock } from '../../common/clock';
import { type AuditEvent, verificationEventId } from '../audit-event';
import { AuditRepository } from '../audit.repository';
import { AUDIT_EVENTS, auditEventSchema, type AuditEventDocument } from '../audit.schema';
import { toDocument } from '../audit.schema';
import type { SinkEvent } from './event-sink';
import { eventSinkJob } from './event-sink.job';
import { EVENT_SINKS, EventSinksRepository } from './event-sinks.repository';
import { SinkFeed, type FeedTools } from './sink-feed.service';
import { sinksProbe } from './sinks-probe';

const event = (id: string, change: Partial<AuditEvent> = {}): AuditEvent => ({
  id,
  type: 'created',
  applicationId: 'app',
  verificationId: null,
  seq: null,
  at: new Date(),
  actor: 'key:k',
  purpose: 'default',
  to: '+34*******56',
  data: {},
  ...change,
});
const step = (seq: number) => event(verificationEventId('v', seq), { verificationId: 'v', seq });

const rejecting = (reason: unknown): Promise<void> =>
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what somebody else's code may do
  Promise.reject(reason);

describe('event sinks', () => {
  const test = useDatabase();
  const others: Connection[] = [];
  let log: AuditRepository;
  let sinks: EventSinksRepository;
  let nowMs = 0;

  beforeAll(async () => {
    await test.connection.model(AUDIT_EVENTS, auditEventSchema).createIndexes();
    log = new AuditRepository(test.connection);
    sinks = new EventSinksRepository(test.connection);
  });
  beforeEach(async () => {
    nowMs = Date.now();
    for (const name of [AUDIT_EVENTS, EVENT_SINKS, 'audit_clock', 'leases'])
      await test.durableDb.collection(name).deleteMany({});
  });
  afterAll(() => Promise.all(others.map((connection) => connection.close())));

  const events = () => test.durableDb.collection<AuditEventDocument>(AUDIT_EVENTS);
  const posAgo = (seconds: number, i = 0) =>
    new mongo.Timestamp({ t: Math.floor(Date.now() / 1000) - seconds, i });

  /** Puts events into the log as if they had come so long ago, in this order. */
  async function arrived(secondsAgo: number, ...list: AuditEvent[]): Promise<void> {
    const documents = list.map((one, i) => ({ ...toDocument(one), pos: posAgo(secondsAgo, i + 1) }));
    await events().insertMany(documents);
  }
  const many = (count: number, prefix = 'e') =>
    Array.from({ length: count }, (_, n) => event(`${prefix}${String(n).padStart(4, '0')}`));

  /** A sink that begins ten minutes ago, and what it was told, call by call. */
  async function aFeed(
    name: string,
    change: { take?: (ids: string[]) => Promise<void>; tools?: Partial<FeedTools> } = {},
  ) {
    await sinks.ensure(name, posAgo(600).toBigInt());
    const calls: string[][] = [];
    const take = async (batch: readonly SinkEvent[]) => {
      const ids = batch.map(({ id }) => id);
      calls.push(ids);
      await change.take?.(ids);
    };
    const clock = { now: () => nowMs };
    const tools: FeedTools = { log, sinks, clock, stopping: new AbortController().signal, ...change.tools };
    return { feed: new SinkFeed(name, { take }, tools), calls };
  }
  const runAll = async (feed: SinkFeed) => {
    while ((await feed.run()).full);
  };

  it('are told all of the log in its order, 100 at a time, as the API shows it', async () => {
    await arrived(60, ...many(250));
    const { feed, calls } = await aFeed('a');
    await runAll(feed);
    expect(calls.map((ids) => ids.length)).toEqual([100, 100, 50]);
    expect(calls.flat()).toEqual(many(250).map(({ id }) => id));
    expect(await feed.hasWork()).toBe(false);
  });

  it('begin at their first start, and not with what was before', async () => {
    await arrived(30, event('before'));
    await sinks.ensure('new', await log.now());
    await sinks.ensure('new', posAgo(600).toBigInt());
    const told: string[] = [];
    const sink = {
      take: async (batch: readonly SinkEvent[]) => void told.push(...batch.map(({ id }) => id)),
    };
    const stopping = new AbortController().signal;
    await new SinkFeed('new', sink, { log, sinks, clock: systemClock, stopping }).run();
    expect(told).toEqual([]);
  });

  // Catches: the cursor moved before the sink has the events.
  it('are told again what they had when the process died before their cursor was moved', async () => {
    await arrived(60, ...many(3));
    const dies = { advance: () => Promise.reject(new Error('killed')) };
    const dying = await aFeed('a', {
      tools: { sinks: Object.assign(Object.create(sinks), dies) as EventSinksRepository },
    });
    await expect(dying.feed.run()).rejects.toThrow('killed');
    const { feed, calls } = await aFeed('a');
    await runAll(feed);
    expect(dying.calls).toEqual(calls);
    expect(calls.flat()).toHaveLength(3);
  });

  // Catches: one back-off for all, a cursor that moves past what failed, a lag that hides.
  it('that fail for an hour lose nothing, show it, and leave the others alone', async () => {
    await arrived(300, ...many(150));
    let isDown = true;
    const down = () =>
      isDown ? Promise.reject(Object.assign(new Error('secret'), { code: 'E_DOWN' })) : Promise.resolve();
    const bad = await aFeed('bad-one', { take: down });
    const good = await aFeed('good');
    let failures = 0;
    for (const end = nowMs + 3_600_000; nowMs < end; nowMs += failures < 7 ? 1_000 : 10_000) {
      if ((await bad.feed.hasWork()) !== true) continue;
      await expect(bad.feed.run()).rejects.toMatchObject({ code: 'E_DOWN' });
      failures += 1;
    }
    // 1 + 2 + 4 + … + 32 s, then one a minute.
    expect(failures).toBeGreaterThan(55);
    expect(failures).toBeLessThan(70);
    await runAll(good.feed);
    expect(good.calls.flat()).toHaveLength(150);
    const clock = { now: () => nowMs };
    const { details } = await sinksProbe([bad.feed, good.feed], clock).check();
    expect(details).toMatchObject({
      badOneState: 'failing',
      badOneError: 'E_DOWN',
      goodState: 'ok',
      goodLagSeconds: 0,
    });
    expect(details?.['badOneLagSeconds']).toBeGreaterThan(3_600);
    expect(JSON.stringify(details)).not.toContain('secret');
    isDown = false;
    nowMs += 60_000;
    bad.calls.length = 0;
    await runAll(bad.feed);
    expect(bad.calls.flat()).toEqual(many(150).map(({ id }) => id));
    expect((await sinksProbe([bad.feed], clock).check()).details).toEqual({
      badOneState: 'ok',
      badOneLagSeconds: 0,
    });
  });

  it.each<[string, () => Promise<void>, string]>([
    [
      'throw before they promise anything',
      () => {
        throw new TypeError('x');
      },
      'TypeError',
    ],
    ['throw what is no error', () => rejecting('x'), 'error'],
    [
      'throw a sentence as code',
      () => Promise.reject(Object.assign(new Error('x'), { code: 'my secret is' })),
      'error',
    ],
  ])('may %s: it is a failure like any other', async (_what, take, word) => {
    await arrived(60, event('e'));
    const { feed } = await aFeed('a', { take });
    await expect(feed.run()).rejects.toMatchObject({ code: word });
    expect((await feed.look()).state).toMatchObject({ failures: 1, lastError: word });
  });

  // Catches: a sink that is called by two instances at once, or skips what the other one had.
  it('are told everything once by two instances of which neither dies', async () => {
    await arrived(60, ...many(450));
    let running = 0;
    let most = 0;
    const take = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
    };
    const connection = await mongoose.createConnection(test.uri, { w: 'majority' }).asPromise();
    others.push(connection);
    const second = { log: new AuditRepository(connection), sinks: new EventSinksRepository(connection) };
    const feeds = [await aFeed('a', { take }), await aFeed('a', { take, tools: second })];
    const instances = feeds.map(({ feed }) => ({ job: eventSinkJob(feed), ...jobInstance(test) }));
    for (let round = 0; round < 5; round++)
      await Promise.all(instances.map(({ runner, job }) => runner.run(job)));
    expect(most).toBe(1);
    expect(feeds.flatMap(({ calls }) => calls.flat()).sort()).toEqual(many(450).map(({ id }) => id));
  });

  // Catches: an instance that wakes up late and moves the cursor back, or on.
  it('are moved on from where they are, and not by an instance that comes late', async () => {
    const { feed } = await aFeed('a');
    const { state } = await feed.look();
    expect(await sinks.advance(state, state.pos + 10n)).toBe(true);
    expect(await sinks.advance(state, state.pos + 5n)).toBe(false);
    expect((await feed.look()).state.pos).toBe(state.pos + 10n);
  });

  // Catches: the steps of a verification out of order where two processes relayed it.
  it('are told the steps of a verification in their order, also where the log has them swapped', async () => {
    await arrived(60, step(2), event('x'), step(1), ...many(96), step(4));
    await arrived(50, step(3), step(5));
    const { feed, calls } = await aFeed('a');
    await runAll(feed);
    const steps = calls.flat().filter((id) => id.startsWith('v.'));
    const firstTime = steps.filter((id, index) => steps.indexOf(id) === index);
    expect(firstTime).toEqual([1, 2, 3, 4, 5].map((seq) => verificationEventId('v', seq)));
  });

  // Catches: events that go by their age without anybody noticing that a sink never had them.
  it('that were away for longer than the log is kept are told that they missed something, once', async () => {
    await arrived(400, event('old'));
    await arrived(60, event('young'));
    const { feed, calls } = await aFeed('a');
    expect(await log.deleteOlderThan(300 / 86_400, 500)).toBe(1);
    await runAll(feed);
    expect(calls.flat()).toEqual(['young']);
    const { gapAt } = (await feed.look()).state;
    expect(gapAt?.getTime()).toBe(nowMs);
    expect((await sinksProbe([feed], { now: () => nowMs }).check()).details).toHaveProperty('aGapAt');
    nowMs += 1_000;
    await feed.run();
    expect((await feed.look()).state.gapAt).toEqual(gapAt);
  });

  it('that took everything miss nothing when it goes by its age', async () => {
    await arrived(400, event('old'));
    const { feed } = await aFeed('a');
    await runAll(feed);
    await log.deleteOlderThan(300 / 86_400, 500);
    await arrived(60, event('young'));
    await runAll(feed);
    expect((await feed.look()).state.gapAt).toBeNull();
  });
});
