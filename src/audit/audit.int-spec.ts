import mongoose, { mongo, type Connection } from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { useDatabase } from '../../test/support/mongo';
import { systemClock } from '../common/clock';
import { inTransaction } from '../common/mongo/transaction';
import { verificationEventId, type AuditEvent } from './audit-event';
import { AuditRepository, type PositionedEvent } from './audit.repository';
import { AUDIT_EVENTS, auditEventSchema, type AuditEventDocument } from './audit.schema';
import { AuditService } from './audit.service';

const DAY_SECONDS = 86_400;

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
  let repository: AuditRepository;
  let audit: AuditService;
  const others: Connection[] = [];

  beforeAll(async () => {
    await test.connection.model(AUDIT_EVENTS, auditEventSchema).createIndexes();
    repository = new AuditRepository(test.connection);
    audit = new AuditService(repository, systemClock);
  });
  beforeEach(() => events().deleteMany({}));
  afterEach(() => Promise.all(others.splice(0).map((connection) => connection.close())));
  afterAll(() => audit.onApplicationShutdown());

  const events = () => test.durableDb.collection<AuditEventDocument>(AUDIT_EVENTS);
  const stored = () => events().find().sort({ pos: 1 }).toArray();
  const ids = async () => (await stored()).map((entry) => entry._id);
  const listed = async (query: object = {}) =>
    (await audit.list({ applicationId: 'app', limit: 100, ...query })).events.map((one) => one.id);

  /** As another process has it. */
  async function anotherInstance(): Promise<AuditRepository> {
    const connection = await mongoose.createConnection(test.uri, { w: 'majority' }).asPromise();
    others.push(connection);
    return new AuditRepository(connection);
  }

  /** Puts all entries back, as if they had been written so much earlier. */
  async function age(seconds: number): Promise<void> {
    for (const { _id, pos } of await stored())
      await events().updateOne(
        { _id },
        { $set: { pos: new mongo.Timestamp({ t: pos.t - seconds, i: pos.i }) } },
      );
  }

  describe('takes events in', () => {
    // Catches: a position that is not a field of the document itself, or given by an update: it stays 0.
    it('and the server gives each a position of its own, in the order of one call', async () => {
      const before = Math.floor(Date.now() / 1000);
      await audit.append([event('b'), event('a')]);
      await audit.append(many('c', 600));
      await inTransaction(test.connection, async (session) => {
        await audit.record(event('d'), session);
        await audit.record(event('e'), session);
      });
      const entries = await stored();
      expect(entries.map((entry) => entry._id)).toEqual([
        'b',
        'a',
        ...many('c', 600).map((one) => one.id),
        'd',
        'e',
      ]);
      expect(new Set(entries.map((entry) => entry.pos.toBigInt())).size).toBe(604);
      // Seconds of the server, which is on this machine.
      expect(entries[0]!.pos.t).toBeGreaterThanOrEqual(before);
      expect(entries.at(-1)!.pos.t).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000));
    });

    it('with the fields in one order, the data sorted by name', async () => {
      await audit.append([event('a', { data: { z: 1, a: 2 } })]);
      const [entry] = await stored();
      expect(Object.keys(entry!).join()).toBe(
        '_id,type,at,applicationId,verificationId,seq,actor,purpose,to,data,pos',
      );
      expect(Object.keys(entry!.data)).toEqual(['a', 'z']);
    });

    // Catches: ordered inserts (they stop at the first one that is there); a duplicate taken for a failure.
    it('once, also when an answer was lost and the caller repeats more than it sent before', async () => {
      const db = test.connection.db!;
      const command = db.command.bind(db);
      const losing = jest.spyOn(db, 'command').mockImplementationOnce(async (...call) => {
        await command(...call);
        throw new Error('connection closed');
      });
      await expect(audit.append([event('a'), event('b')])).rejects.toThrow('connection closed');
      losing.mockRestore();
      const before = await stored();
      await audit.append([event('c'), event('b'), event('d'), event('a')]);
      expect(await ids()).toEqual(['a', 'b', 'c', 'd']);
      expect((await stored()).slice(0, 2)).toEqual(before);
    });

    it('with a transaction or not at all', async () => {
      const attempt = inTransaction(test.connection, async (session) => {
        await audit.record(event('a'), session);
        throw new Error('no');
      });
      await expect(attempt).rejects.toThrow('no');
      expect(await ids()).toEqual([]);
      await inTransaction(test.connection, (session) => audit.record(event('b'), session));
      await audit.record(event('c'));
      expect(await ids()).toEqual(['b', 'c']);
    });

    // Catches: a duplicate that is passed over inside a transaction, which can then never commit and is tried for ever.
    it('and lets a transaction fail whose event is there already', async () => {
      await audit.record(event('a'));
      const attempt = inTransaction(test.connection, (session) => audit.record(event('a'), session));
      await expect(attempt).rejects.toMatchObject({ code: 11000 });
    });

    it('also refused calls, at the latest when the process ends', async () => {
      const service = new AuditService(repository, { now: () => 1_000, monotonic: () => 0 });
      for (let i = 0; i < 12; i++)
        service.recordRefusal({
          type: 'access_denied',
          applicationId: 'app',
          actor: 'key:k',
          rule: 'forbidden',
          subject: 'k',
        });
      await service.onApplicationShutdown();
      const entries = await stored();
      expect(entries.map((entry) => entry.data['count'])).toEqual([...Array(10).fill(1), 2]);
      expect(entries[0]).toMatchObject({ type: 'access_denied', actor: 'key:k', verificationId: null });
    });
  });

  describe('is read', () => {
    it('newest first in pages, without gaps or repeats while more is appended', async () => {
      await audit.append(many('e', 25));
      await age(60);
      const seen: string[] = [];
      let belowPos: bigint | undefined;
      for (;;) {
        const page = await audit.list({ applicationId: 'app', limit: 10, belowPos });
        seen.push(...page.events.map((one) => one.id));
        await audit.append(many(`later${seen.length}-`, 7));
        if (page.nextPos === null) break;
        belowPos = page.nextPos;
      }
      expect(seen).toEqual(
        many('e', 25)
          .map((one) => one.id)
          .reverse(),
      );
    });

    // Catches: a place in the log that is told by time, or by a count of what was there.
    it('as it came, on from the last event that one has, while more is appended', async () => {
      await audit.append(many('e', 25));
      await age(60);
      const seen: string[] = [];
      for (let round = 0; round < 6; round++) {
        const last = seen.at(-1);
        const abovePos = last === undefined ? null : await audit.positionOf('app', last);
        const query = { order: 'oldest', ...(abovePos !== null && { abovePos }) };
        seen.push(...(await listed({ limit: 10, ...query })));
        if (round < 2) {
          await audit.append(many(`later${round}-`, 7));
          await age(60 - 10 * round);
        }
      }
      expect(seen).toEqual(await ids());
      expect(seen).toHaveLength(39);
      expect(await audit.positionOf('other', 'e0000')).toBeNull();
      expect(await audit.positionOf('app', 'e9999')).toBeNull();
    });

    it('by application, verification, type and time', async () => {
      const at = (day: number) => new Date(Date.UTC(2026, 0, day));
      await audit.append([
        event(verificationEventId('v1', 1), { verificationId: 'v1', at: at(1) }),
        event(verificationEventId('v1', 2), { verificationId: 'v1', type: 'approved', at: at(2) }),
        event('v1.rRandom', { verificationId: 'v1', type: 'check_failed', at: at(3) }),
        event(verificationEventId('v10', 1), { verificationId: 'v10', at: at(4) }),
        event('other', { applicationId: 'other', at: at(5) }),
      ]);
      await age(60);
      expect(await listed()).toHaveLength(4);
      expect(await listed({ verificationId: 'v1' })).toEqual(['v1.rRandom', 'v1.000002', 'v1.000001']);
      expect(await listed({ type: 'approved' })).toEqual(['v1.000002']);
      expect(await listed({ after: at(2), before: at(4) })).toEqual(['v1.rRandom', 'v1.000002']);
      expect(await listed({ applicationId: 'other', verificationId: 'v1' })).toEqual([]);
    });

    // Catches: no write after the last event. When it is made: `audit.service.spec.ts`.
    it('soon after the last event, also when nothing else is written', async () => {
      const clock = test.durableDb.collection('audit_clock');
      await clock.deleteMany({});
      await audit.append([event('a')]);
      expect(await listed()).toEqual([]);
      while ((await clock.countDocuments()) === 0) await sleep(50);
      while ((await listed()).length === 0) await sleep(50);
    });

    // Catches: the distance of two seconds left out (`end` = the cluster's time, or the start of its second): events
    // then appear behind a reader who has gone on, and are missed for good. Transactions that take their time between
    // event and commit make the window wide enough to be hit every time.
    it('to the end by one who comes back again and again while others write, and nothing is missed', async () => {
      const [one, two, reading] = await Promise.all([1, 2, 3].map(anotherInstance));
      const written: string[] = [];
      const seen: string[] = [];
      let writing = true;
      const end = performance.now() + 5_000;
      const write = async (by: AuditRepository, name: string) => {
        for (let n = 0; performance.now() < end; n++) {
          const batch = many(`${name}-${n}-`, 1 + (n % 40));
          await by.append(batch);
          written.push(...batch.map(({ id }) => id));
        }
      };
      const writeSlowly = async (name: string) => {
        for (let n = 0; performance.now() < end; n++) {
          const slow = event(`${name}-${n}`);
          await inTransaction(test.connection, async (session) => {
            await audit.record(slow, session);
            await sleep(50 + (n % 10) * 80);
          });
          written.push(slow.id);
        }
      };
      const tail = async () => {
        for (let known = 0n; writing || seen.length < written.length;) {
          const fresh = await newerThan(reading!, known);
          seen.push(...fresh.map((entry) => entry.event.id));
          known = fresh[0]?.pos ?? known;
          if (fresh.length === 0) await repository.advanceClusterTime();
          if (performance.now() > end + 8_000) break;
        }
      };
      const tailing = tail();
      await Promise.all(
        ['a', 'b', 'c'].flatMap((name) => [
          write(one!, `one-${name}`),
          write(two!, `two-${name}`),
          writeSlowly(`slow-${name}`),
        ]),
      );
      writing = false;
      await tailing;
      expect(written.length).toBeGreaterThan(1_000);
      expect(seen.length).toBe(new Set(seen).size);
      const missed = new Set(written);
      for (const id of seen) missed.delete(id);
      expect([missed.size, written.length]).toEqual([0, seen.length]);
    });
  });

  describe('is shortened', () => {
    it('from its old end, in batches, by the time that the server took events in', async () => {
      await audit.append(many('old', 5));
      await age(10 * DAY_SECONDS);
      await audit.append([event('new', { at: new Date(0) })]);
      expect(await audit.deleteOlderThan(11, 3)).toBe(0);
      expect(await audit.deleteOlderThan(9, 3)).toBe(3);
      expect(await ids()).toEqual(['old0003', 'old0004', 'new']);
      expect(await audit.deleteOlderThan(9, 3)).toBe(2);
      expect(await audit.deleteOlderThan(9, 3)).toBe(0);
      expect(await ids()).toEqual(['new']);
    });
  });
});

/** From the newest down to what is known: how a client of a list that has the newest first keeps up with it. */
async function newerThan(reading: AuditRepository, known: bigint): Promise<PositionedEvent[]> {
  const found: PositionedEvent[] = [];
  for (let belowPos: bigint | undefined; ; belowPos = found.at(-1)!.pos) {
    const page = await reading.list({ applicationId: 'app', limit: 200, belowPos });
    found.push(...page.filter((entry) => entry.pos > known));
    if (page.length < 200 || page.at(-1)!.pos <= known) return found;
  }
}
