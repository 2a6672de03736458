import fc from 'fast-check';
import { delivery, HOUR_MS, snapshot, snapshots, START } from '../../test/builders/verifications.builder';
import { useDatabase } from '../../test/support/mongo';
import { approvalTimes, deliveryTimes, recount, type Recounted } from '../../test/support/recount';
import { SlotWorld } from '../../test/support/slot-world';
import { systemClock } from '../common/clock';
import type { VerificationSnapshot } from '../otp/relay/read-model/snapshot';
import { RollUpService } from './roll-up.service';
import { groupNames, toStatistics, type GroupName, type Statistics } from './statistics';
import { StatisticsRepository } from './statistics.repository';
import { STATISTICS, statisticsSchema, type StatisticsDocument } from './statistics.schema';

const everything = { from: new Date(START), to: new Date(START + 4 * HOUR_MS), where: {} };

describe('the roll-up', () => {
  const test = useDatabase();
  let world: SlotWorld;
  let statistics: StatisticsRepository;
  const instance = (
    history: Partial<SlotWorld['readModel']> = {},
    stored: Partial<StatisticsRepository> = {},
  ) => new RollUpService(withChange(world.readModel, history), withChange(statistics, stored), systemClock);

  beforeAll(async () => {
    world = await SlotWorld.open(test);
    await test.connection.model(STATISTICS, statisticsSchema).createIndexes();
    statistics = new StatisticsRepository(test.durableDb);
  });
  beforeEach(async () => {
    await world.clear();
    await test.durableDb.collection(STATISTICS).deleteMany({});
  });

  /** As the relay does it. */
  const save = async (...snapshots: VerificationSnapshot[]) => {
    await world.verifications.save(snapshots);
    await world.hours.mark(snapshots);
  };
  const countAll = async () => {
    const rollUp = instance();
    // An hour that took a while rests for a moment.
    while ((await rollUp.catchUp({})) > 0) await later(50);
  };
  const read = async (groupBy: readonly GroupName[] = groupNames): Promise<Statistics[]> =>
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

  /** An hour that takes long is counted in parts. */
  const expectSameInSlices = async () => {
    const hour = { applicationId: 'app', hour: new Date(START), version: 1, changedAt: new Date() };
    const inSlices = await world.readModel.tally({ ...hour, tookMs: 4_300 });
    expect(new Set(inSlices)).toEqual(new Set(await world.readModel.tally(hour)));
  };

  it('counts what a recount in plain code counts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(snapshots, { minLength: 1, maxLength: 40 }), async (all) => {
        await world.clear();
        await test.durableDb.collection(STATISTICS).deleteMany({});
        await save(...all.map((one, n) => ({ ...one, id: `v${n}` })));
        await countAll();
        await expectRight();
        await expectSameInSlices();
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

  // Catches: tests of an application in its own figures.
  it('leaves out what was started for test numbers', async () => {
    const { policy } = snapshot('a');
    await save(snapshot('a'), snapshot('b', { policy: { ...policy, test: true } }));
    await countAll();
    expect((await read([]))[0]).toMatchObject({ verifications: 1, sends: 1 });
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
      expect(await world.readModel.countChangedHours({})).toBe(0);
    });

    it('an hour that cannot be counted rests behind the others, and goes on waiting', async () => {
      await save(snapshot('a'));
      await expect(instance({ tally: () => later(20).then(crash) }).catchUp({})).rejects.toThrow('crash');
      expect(await world.readModel.changedHours({}, 1)).toEqual([]);
      expect(await world.readModel.countChangedHours({})).toBe(1);
    });

    // Catches: settling by hour alone, whatever its version.
    it('a change that arrives while its hour is counted is counted next', async () => {
      await save(snapshot('a'));
      const racing = instance({
        tallied: async (hour, tookMs) => {
          await save(snapshot('b'));
          await world.readModel.tallied(hour, tookMs);
        },
      });
      await racing.catchUp({});
      expect(await world.readModel.countChangedHours({})).toBe(1);
      await countAll();
      await expectRight();
    });

    // Catches: storing rows without their version.
    it('an instance that wakes up late with an old count changes nothing', async () => {
      await save(snapshot('a'));
      const gate = withGate();
      const late = instance({
        tally: async (hour) => {
          const rows = await world.readModel.tally(hour);
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
    const [hour] = await world.readModel.changedHours({}, 1);
    await world.readModel.tallied(hour!, 60_000);
    await save(snapshot('b'));
    expect(await world.readModel.changedHours({}, 1)).toEqual([]);
    expect(await world.readModel.countChangedHours({ applicationId: 'app' })).toBe(1);
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
    const plan = await test.durableDb
      .collection<StatisticsDocument>(STATISTICS)
      .find({ applicationId: 'app', hour: { $gte: everything.from } })
      .explain('queryPlanner');
    expect(JSON.stringify(plan['queryPlanner'].winningPlan)).not.toContain('COLLSCAN');
  });
});

const plain = (all: readonly Statistics[]): Recounted[] =>
  all.map(({ timeToDelivery: _, timeToApproval: __, ...rest }) => rest);

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
