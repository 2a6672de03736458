import fc from 'fast-check';
import { mongo } from 'mongoose';
import { useDatabase } from '../../test/support/mongo';
import { SlotWorld } from '../../test/support/slot-world';
import { channels } from '../common/channel';
import { systemClock } from '../common/clock';
import { hourOf } from '../otp/history/changed-hours.repository';
import type { VerificationSnapshot } from '../otp/history/history';
import { deliveryStates, type AttemptRecord, type DeliveryRecord } from '../otp/slot/slot';
import { RollUpService } from './roll-up.service';
import { groupNames, toStatistics, type Statistics } from './statistics';
import { StatisticsRepository } from './statistics.repository';
import { STATISTICS, statisticsSchema, type StatisticsDocument } from './statistics.schema';

const START = Date.UTC(2026, 0, 31, 22);
const HOUR_MS = 3_600_000;
const everything = { from: new Date(START), to: new Date(START + 4 * HOUR_MS), where: {} };

describe('the roll-up', () => {
  const test = useDatabase();
  let world: SlotWorld;
  let statistics: StatisticsRepository;
  const instance = (
    history: Partial<SlotWorld['history']> = {},
    stored: Partial<StatisticsRepository> = {},
  ) => new RollUpService(withChange(world.history, history), withChange(statistics, stored), systemClock);

  beforeAll(async () => {
    world = await SlotWorld.open(test);
    await test.connection.model(STATISTICS, statisticsSchema).createIndexes();
    statistics = new StatisticsRepository(test.slotDb);
  });
  beforeEach(async () => {
    await world.clear();
    await test.slotDb.collection(STATISTICS).deleteMany({});
  });

  /** As the drain does it. */
  const save = async (...snapshots: VerificationSnapshot[]) => {
    await world.history.save(snapshots);
    await world.history.markChanged(snapshots);
  };
  const countAll = async () => {
    const rollUp = instance();
    // An hour that took a while rests for a moment.
    while ((await rollUp.catchUp({})) > 0) await later(50);
  };
  const read = async (groupBy = groupNames): Promise<Statistics[]> =>
    toStatistics(await statistics.sum({ ...everything, groupBy }), groupBy);
  /** What is stored, against a count in plain code of what the read model holds. */
  const expectRight = async () => {
    const copies = await world.copies();
    expect(plain(await read())).toEqual(recount(copies));
    for (const { group, timeToDelivery, timeToApproval } of await read([])) {
      expect(group).toEqual({});
      expectNear(timeToDelivery.p50, median(deliveryTimes(copies)));
      expectNear(timeToApproval.p50, median(approvalTimes(copies)));
    }
  };

  it('counts what a recount in plain code counts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(snapshots, { minLength: 1, maxLength: 40 }), async (all) => {
        await world.clear();
        await test.slotDb.collection(STATISTICS).deleteMany({});
        await save(...all.map((one, n) => ({ ...one, id: `v${n}` })));
        await countAll();
        await expectRight();
      }),
      { numRuns: 25 },
    );
  });

  it('counts a verification again when it changes, and nothing twice', async () => {
    await save(snapshot('a'), snapshot('b'));
    await countAll();
    await save(snapshot('a', { seq: 2, status: 'approved', endedAt: new Date(START + 9_000) }));
    await countAll();
    await save(snapshot('a', { seq: 2 }));
    await countAll();
    expect((await read([]))[0]).toMatchObject({ verifications: 2, approved: 1, sends: 2 });
    await expectRight();
  });

  it('moves a verification to the gateway that took its last text', async () => {
    await save(snapshot('a', { deliveries: [delivery({ provider: 'x' })] }));
    await countAll();
    const both = [delivery({ provider: 'x' }), delivery({ provider: 'y' })];
    await save(snapshot('a', { seq: 2, deliveries: both }));
    await countAll();
    expect((await read(['gateway'])).map(({ group, verifications, sends }) => [group, verifications, sends]))
      // prettier-ignore
      .toEqual([
        [{ gateway: 'x' }, 0, 1],
        [{ gateway: 'y' }, 1, 1],
      ]);
  });

  it('counts per hour of creation, by UTC days', async () => {
    await save(snapshot('a'), snapshot('b', { createdAt: new Date(START + 2 * HOUR_MS) }));
    await countAll();
    expect((await read(['day'])).map(({ group, verifications }) => [group.day, verifications])).toEqual([
      ['2026-01-31', 1],
      ['2026-02-01', 1],
    ]);
  });

  describe('crashes and races', () => {
    const crash = () => Promise.reject(new Error('crash'));

    // Catches: settling the mark before the rows are stored.
    it('a crash between two steps costs a second count and nothing else', async () => {
      await save(snapshot('a'));
      await expect(instance({}, { store: crash }).catchUp({})).rejects.toThrow('crash');
      await expect(instance({ tallied: crash }).catchUp({})).rejects.toThrow('crash');
      await countAll();
      await expectRight();
      expect(await world.history.countChangedHours({})).toBe(0);
    });

    it('an hour that cannot be counted rests behind the others, and goes on waiting', async () => {
      await save(snapshot('a'));
      await expect(instance({ tally: () => later(20).then(crash) }).catchUp({})).rejects.toThrow('crash');
      expect(await world.history.changedHours({}, 1)).toEqual([]);
      expect(await world.history.countChangedHours({})).toBe(1);
    });

    // Catches: settling by hour alone, whatever its version.
    it('a change that arrives while its hour is counted is counted next', async () => {
      await save(snapshot('a'));
      const racing = instance({
        tallied: async (hour, tookMs) => {
          await save(snapshot('b'));
          await world.history.tallied(hour, tookMs);
        },
      });
      await racing.catchUp({});
      expect(await world.history.countChangedHours({})).toBe(1);
      await countAll();
      await expectRight();
    });

    // Catches: storing rows without their version.
    it('an instance that wakes up late with an old count changes nothing', async () => {
      await save(snapshot('a'));
      const gate = withGate();
      const late = instance({
        tally: async (hour) => {
          const rows = await world.history.tally(hour);
          gate.arrive();
          await gate.opened;
          return rows;
        },
      }).catchUp({});
      await gate.reached;
      await save(snapshot('b'));
      await countAll();
      gate.open();
      await late;
      await expectRight();
      expect((await read([]))[0]).toMatchObject({ verifications: 2 });
    });

    it('two instances beside a stream of changes end at the same count', async () => {
      let busy = true;
      const loop = async () => {
        while (busy) await instance().catchUp({});
      };
      const write = async () => {
        for (let n = 0; n < 60; n++) {
          const createdAt = new Date(START + (n % 3) * HOUR_MS);
          await save(snapshot(`v${n}`, { createdAt }));
          await save(
            snapshot(`v${n}`, { createdAt, seq: 2, status: 'approved', endedAt: new Date(START + 5e6) }),
          );
        }
        busy = false;
      };
      await Promise.all([write(), loop(), loop()]);
      await countAll();
      await expectRight();
    });
  });

  it('lets an hour that takes long to count rest before it is counted again', async () => {
    await save(snapshot('a'));
    const [hour] = await world.history.changedHours({}, 1);
    await world.history.tallied(hour!, 60_000);
    await save(snapshot('b'));
    expect(await world.history.changedHours({}, 1)).toEqual([]);
    expect(await world.history.countChangedHours({ applicationId: 'app' })).toBe(1);
  });

  it('keeps applications and ranges apart', async () => {
    await save(snapshot('a'), snapshot('b', { applicationId: 'other' }));
    await countAll();
    const of = async (applicationId: string, to: Date) =>
      toStatistics(await statistics.sum({ ...everything, applicationId, to, groupBy: [] }), [])[0];
    expect(await of('app', everything.to)).toMatchObject({ verifications: 1 });
    expect(await of('app', everything.from)).toBeUndefined();
    expect(await of('none', everything.to)).toBeUndefined();
  });

  it('reads one application from an index', async () => {
    const plan = await test.slotDb
      .collection<StatisticsDocument>(STATISTICS)
      .find({ applicationId: 'app', hour: { $gte: everything.from } })
      .explain('queryPlanner');
    expect(JSON.stringify(plan['queryPlanner'].winningPlan)).not.toContain('COLLSCAN');
  });
});

const delivery = (change: Partial<DeliveryRecord> = {}): DeliveryRecord => {
  const { provider = 'x' } = change;
  return {
    id: 'd',
    channel: 'sms',
    state: 'accepted',
    at: new Date(START),
    locale: null,
    appHash: null,
    webOtpDomain: null,
    provider,
    reference: null,
    errorCode: null,
    attemptedAt: new Date(START),
    attempts: [attempt({ provider: provider ?? 'x' })],
    ...change,
  };
};

const attempt = (change: Partial<AttemptRecord> = {}): AttemptRecord => ({
  provider: 'x',
  outcome: 'accepted',
  reason: null,
  latencyMs: 5,
  reference: null,
  parts: 1,
  estimate: { micros: 30_000, currency: 'EUR' },
  price: null,
  ...change,
});

const snapshot = (id: string, change: Partial<VerificationSnapshot> = {}): VerificationSnapshot => ({
  id,
  applicationId: 'app',
  purpose: 'default',
  recipient: 'recipient',
  slotId: 'slot',
  status: 'pending',
  kid: 'k1',
  policy: { maxChecks: 5, ttlMs: 600_000, codeLength: 6, codeAlphabet: 'numeric' },
  checksUsed: 0,
  createdAt: new Date(START),
  expiresAt: new Date(START + 600_000),
  endedAt: null,
  country: 'ES',
  channel: 'sms',
  deliveries: [delivery()],
  personal: new mongo.Binary(Buffer.from('sealed')),
  sends: [],
  seq: 1,
  ...change,
});

const instant = fc.integer({ min: 0, max: 3 * HOUR_MS }).map((ms) => new Date(START + ms));
const later_ = (after: Date) =>
  fc.integer({ min: 0, max: 900_000 }).map((ms) => new Date(after.getTime() + ms));
const gateway = fc.constantFrom('x', 'y', 'z');
const money = fc.option(
  fc.record({ micros: fc.integer({ min: 0, max: 90_000 }), currency: fc.constantFrom('EUR', 'USD') }),
);
const attempts = fc.record({
  provider: gateway,
  outcome: fc.constantFrom('accepted', 'rejected', 'unknown'),
  estimate: money,
  price: money,
});
const deliveries = fc
  .record({
    channel: fc.constantFrom(...channels),
    state: fc.constantFrom(...deliveryStates),
    provider: fc.option(gateway),
    attempts: fc.array(attempts.map(attempt), { maxLength: 4 }),
    attemptedAt: fc.option(instant),
  })
  .chain((fields) => later_(fields.attemptedAt ?? new Date(START)).map((finalAt) => ({ ...fields, finalAt })))
  .map(({ finalAt, ...fields }) =>
    delivery({ ...fields, ...(['delivered', 'undelivered'].includes(fields.state) && { finalAt }) }),
  );
const snapshots = instant.chain((createdAt) =>
  fc
    .record({
      applicationId: fc.constantFrom('app', 'other'),
      purpose: fc.constantFrom('default', 'login'),
      country: fc.constantFrom('ES', 'GB', null),
      channel: fc.constantFrom(...channels),
      status: fc.constantFrom('pending', 'approved', 'failed', 'expired', 'canceled', 'superseded'),
      endedAt: later_(createdAt),
      deliveries: fc.array(deliveries, { maxLength: 4 }),
    })
    .map((fields) => snapshot('v', { ...fields, createdAt })),
);

type Copies = Awaited<ReturnType<SlotWorld['copies']>>;
type Plain = Omit<Statistics, 'timeToDelivery' | 'timeToApproval'>;
const plain = (all: readonly Statistics[]): Plain[] =>
  all.map(({ timeToDelivery: _, timeToApproval: __, ...rest }) => rest);

/** The definitions of docs/statistics.md, written down a second time and without the database. */
function recount(copies: Copies): Plain[] {
  const groups = new Map<string, Record<string, number>>();
  const groupOf = new Map<string, Plain['group']>();
  const add = (copy: Copies[number], gatewayName: string | null, channel: string, name: string, n = 1) => {
    const day = hourOf(copy.createdAt).toISOString().slice(0, 10);
    const { applicationId: application, country, purpose } = copy;
    const group = { day, application, country, gateway: gatewayName, channel, purpose };
    const key = Object.values(group)
      .map((value) => value ?? '')
      .join('\0');
    groupOf.set(key, group);
    const counts = groups.get(key) ?? {};
    counts[name] = (counts[name] ?? 0) + n;
    groups.set(key, counts);
  };
  for (const copy of copies) {
    const taken = copy.deliveries.filter(({ state }) => state !== 'sending' && state !== 'rejected').at(-1);
    const own = [taken?.provider ?? null, taken?.channel ?? copy.channel] as const;
    add(copy, ...own, 'verifications');
    if (copy.status === 'approved') add(copy, ...own, 'approved');
    for (const one of copy.deliveries) {
      if (one.state === 'delivered') add(copy, one.provider, one.channel, 'delivered');
      if (one.state === 'undelivered') add(copy, one.provider, one.channel, 'undelivered');
      let mayBeThere = false;
      for (const { provider, outcome, estimate, price } of one.attempts) {
        const count = (name: string, n?: number) => add(copy, provider, one.channel, name, n);
        count('sends');
        if (outcome === 'accepted') count('accepted');
        if (outcome !== 'rejected' && mayBeThere) count('duplicates');
        if (outcome !== 'rejected') mayBeThere = true;
        if (estimate) count(`estimated ${estimate.currency}`, estimate.micros);
        if (price) count(`reported ${price.currency}`, price.micros);
      }
    }
  }
  const keys = [...groups.keys()].sort((a, b) => (a < b ? -1 : 1));
  return keys.map((key) => {
    const counts = groups.get(key)!;
    const number = (name: string) => counts[name] ?? 0;
    const moneyOf = (kind: string) =>
      ['EUR', 'USD'].flatMap((currency) => {
        const micros = number(`${kind} ${currency}`);
        return micros > 0 ? [{ micros, currency }] : [];
      });
    const [verifications, approved] = [number('verifications'), number('approved')];
    return {
      group: groupOf.get(key)!,
      sends: number('sends'),
      accepted: number('accepted'),
      delivered: number('delivered'),
      undelivered: number('undelivered'),
      duplicates: number('duplicates'),
      verifications,
      approved,
      conversionRate: verifications === 0 ? null : Math.round((approved / verifications) * 1e4) / 1e4,
      cost: { estimated: moneyOf('estimated'), reported: moneyOf('reported') },
    };
  });
}

const deliveryTimes = (copies: Copies): number[] =>
  copies
    .flatMap((copy) => copy.deliveries)
    .flatMap(({ state, attemptedAt, finalAt }) =>
      state === 'delivered' && attemptedAt && finalAt ? [finalAt.getTime() - attemptedAt.getTime()] : [],
    );
const approvalTimes = (copies: Copies): number[] =>
  copies.flatMap(({ status, createdAt, endedAt }) =>
    status === 'approved' && endedAt ? [endedAt.getTime() - createdAt.getTime()] : [],
  );
const median = (values: number[]): number | null =>
  values.sort((a, b) => a - b)[Math.max(1, Math.ceil(values.length / 2)) - 1] ?? null;

/** @param seconds of a histogram @param ms exact */
function expectNear(seconds: number | null, ms: number | null): void {
  if (seconds === null || ms === null) return expect(seconds).toBe(ms);
  // Rounded to the millisecond, and never under one.
  expect(Math.abs(seconds * 1_000 - Math.max(1, ms))).toBeLessThanOrEqual(0.1 * Math.max(1, ms) + 1);
}

function withChange<T extends object>(target: T, change: Partial<T>): T {
  return new Proxy(target, {
    get: (_, name) => {
      const value: unknown = Reflect.get(Object.hasOwn(change, name) ? change : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function withGate() {
  let open = () => {};
  let arrive = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  return { open: () => open(), arrive: () => arrive(), opened, reached };
}
