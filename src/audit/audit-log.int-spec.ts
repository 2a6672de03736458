import { useDatabase } from '../../test/support/mongo';
import { SlotWorld } from '../../test/support/slot-world';
import { verificationEventId, type AuditEvent } from './audit-event';
import { AuditLogRepository } from './audit-log.repository';
import { AuditService } from './audit.service';

const DAY_MS = 86_400_000;

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
const many = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => event(`${prefix}${String(n).padStart(4, '0')}`));

describe('the audit log', () => {
  const test = useDatabase();
  let world: SlotWorld;
  let log: AuditLogRepository;

  beforeAll(async () => {
    world = await SlotWorld.open(test);
    log = new AuditLogRepository(test.durableDb);
  });
  beforeEach(() => world.clear());
  const positions = async () => (await world.logged()).map((entry) => [entry.pos, entry._id]);

  it('gives dense positions in the given order', async () => {
    await log.append([event('b'), event('a')]);
    await log.append([event('c')]);
    expect(await positions()).toEqual([
      [1, 'b'],
      [2, 'a'],
      [3, 'c'],
    ]);
  });

  it('skips what is there already, whole or in part', async () => {
    await log.append([event('a'), event('b')]);
    await log.append([event('a'), event('c'), event('b'), event('d')]);
    await log.append([event('d')]);
    expect(await positions()).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
      [4, 'd'],
    ]);
  });

  it('stores the fields in one order, the data sorted by name', async () => {
    await log.append([event('a', { data: { z: 1, a: 2 } })]);
    const [entry] = await world.logged();
    expect(Object.keys(entry!)).toEqual([
      '_id',
      'type',
      'at',
      'applicationId',
      'verificationId',
      'seq',
      'actor',
      'purpose',
      'to',
      'data',
      'pos',
    ]);
    expect(Object.keys(entry!.data)).toEqual(['a', 'z']);
  });

  // Catches: a `pos` index that is not unique; unordered inserts.
  it('stays dense and complete under four writers with overlapping events', async () => {
    const events = many('e', 300);
    const shares = [0, 1, 2, 3].map((n) => events.slice(n * 50, n * 50 + 150));
    await Promise.all(shares.map((share) => log.append(share)));
    const stored = await positions();
    expect(stored.map(([pos]) => pos)).toEqual(events.map((_, index) => index + 1));
    expect(stored.map(([, id]) => id).sort()).toEqual(events.map((one) => one.id));
  });

  // Catches: an insert that leaves holes for others to fill later.
  it('never shows a position before the one below it', async () => {
    let writing = true;
    const write = (async () => {
      for (let n = 0; n < 20; n++)
        await Promise.all([log.append(many(`x${n}-`, 40)), log.append(many(`y${n}-`, 40))]);
      writing = false;
    })();
    while (writing) {
      const seen = (await log.list({ applicationId: 'app', limit: 100_000 })).map((entry) => entry.pos);
      expect(seen.length).toBe(seen[0] ?? 0);
    }
    await write;
  });

  it('pages newest first without gaps or repeats while more is appended', async () => {
    await log.append(many('e', 25));
    const seen: string[] = [];
    let belowPos: number | undefined;
    for (;;) {
      const page = await world.log.list({ applicationId: 'app', limit: 10, belowPos });
      seen.push(...page.events.map((one) => one.id));
      await log.append(many(`later${seen.length}-`, 7));
      if (page.nextPos === null) break;
      belowPos = page.nextPos;
    }
    expect(seen).toEqual(
      many('e', 25)
        .map((one) => one.id)
        .reverse(),
    );
  });

  it('filters by application, verification, type and time', async () => {
    const at = (day: number) => new Date(Date.UTC(2026, 0, day));
    await log.append([
      event(verificationEventId('v1', 1), { verificationId: 'v1', at: at(1) }),
      event(verificationEventId('v1', 2), { verificationId: 'v1', type: 'approved', at: at(2) }),
      event('v1.rRandom', { verificationId: 'v1', type: 'check_failed', at: at(3) }),
      event(verificationEventId('v10', 1), { verificationId: 'v10', at: at(4) }),
      event('other', { applicationId: 'other', at: at(5) }),
    ]);
    const ids = async (query: object) =>
      (await log.list({ applicationId: 'app', limit: 10, ...query })).map((entry) => entry.event.id);
    expect(await ids({})).toHaveLength(4);
    expect(await ids({ verificationId: 'v1' })).toEqual(['v1.rRandom', 'v1.000002', 'v1.000001']);
    expect(await ids({ type: 'approved' })).toEqual(['v1.000002']);
    expect(await ids({ after: at(2), before: at(4) })).toEqual(['v1.rRandom', 'v1.000002']);
    expect(await ids({ applicationId: 'other', verificationId: 'v1' })).toEqual([]);
  });

  it('forgets a prefix in batches, and never its last entry: positions go on', async () => {
    const old = new Date(Date.now() - 10 * DAY_MS);
    await log.append(many('old', 5).map((one) => ({ ...one, at: old })));
    expect(await log.deleteOlderThan(9, 3)).toBe(3);
    expect(await log.deleteOlderThan(9, 3)).toBe(1);
    expect(await log.deleteOlderThan(9, 3)).toBe(0);
    await log.append([event('new')]);
    expect(await positions()).toEqual([
      [5, 'old0004'],
      [6, 'new'],
    ]);
    expect(await log.deleteOlderThan(11, 3)).toBe(0);
  });

  describe('its inbox', () => {
    it('takes part in the transaction of the caller', async () => {
      const service = new AuditService(world.inbox, { now: () => 0, monotonic: () => 0 });
      const attempt = test.connection.transaction(async (session) => {
        await service.record(event('a'), session);
        throw new Error('no');
      });
      await expect(attempt).rejects.toThrow('no');
      expect(await world.log.waiting(10)).toEqual([]);
      await test.connection.transaction((session) => service.record(event('b'), session));
      await service.record(event('c'));
      expect((await world.log.waiting(10)).map((one) => one.id)).toEqual(['b', 'c']);
    });

    it('gets refused calls at the latest when the process ends', async () => {
      const service = new AuditService(world.inbox, { now: () => 1_000, monotonic: () => 0 });
      for (let i = 0; i < 12; i++)
        service.recordRefusal({
          type: 'access_denied',
          applicationId: 'app',
          actor: 'key:k',
          rule: 'forbidden',
          subject: 'k',
        });
      await service.onApplicationShutdown();
      const waiting = await world.log.waiting(20);
      expect(waiting.map((one) => one.data['count'])).toEqual([...Array(10).fill(1), 2]);
      expect(waiting[0]).toMatchObject({ type: 'access_denied', actor: 'key:k', verificationId: null });
    });
  });
});
