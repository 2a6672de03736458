import { useDatabase } from '../../test/support/mongo';
import { SlotWorld } from '../../test/support/slot-world';
import { systemClock } from '../common/clock';
import { LeaseRepository } from '../common/mongo/lease.repository';
import type { FollowUpService } from '../otp/deliveries/follow-up.service';
import { CleanupStatus, jobsProbe } from './cleanup-status';
import { RelayJob } from '../otp/relay/relay.job';
import { RelayService } from '../otp/relay/relay.service';
import { ExpiryJob } from '../otp/slots/expiry.job';
import { ForgetJob } from '../otp/relay/erasure.job';
import { JobRunner } from './job-runner.service';
import { RedispatchJob } from '../otp/deliveries/redispatch.job';
import { RetentionJob } from './retention.job';

const DAY_MS = 86_400_000;
const TTL_MS = 600_000;

describe('the jobs', () => {
  const test = useDatabase();
  let world: SlotWorld;
  let drain: RelayService;
  beforeAll(async () => {
    world = await SlotWorld.open(test);
    drain = new RelayService(world.slots, world.log, world.history);
  });
  beforeEach(() => world.clear());

  /** What one process has of its own. */
  const instance = () => {
    const leases = new LeaseRepository(test.durableDb, systemClock);
    const status = new CleanupStatus(systemClock);
    return { leases, status, runner: new JobRunner(leases, status, systemClock) };
  };

  describe('expiry', () => {
    const job = () => new ExpiryJob(world.slots, instance().runner);

    it('ends what is over, once, with two instances at work', async () => {
      const ids = [];
      for (let n = 0; n < 6; n++) {
        ids.push(await world.create(`s${n}`));
        if (n < 5) await world.age(`s${n}`, TTL_MS);
      }
      await Promise.all([job().run(), job().run()]);
      await job().run();
      await drain.drain();
      const log = await world.logged();
      const expired = log.filter((entry) => entry.type === 'expired').map((entry) => entry.verificationId);
      expect(expired.sort()).toEqual(ids.slice(0, 5).sort());
      expect(log.find((entry) => entry.type === 'expired')).toMatchObject({ actor: 'job:expiry', seq: 2 });
      expect((await world.slot('s5')).current.status).toBe('pending');
      expect((await world.slot('s0')).current).not.toHaveProperty('sealed');
    });

    it('goes on until nothing is left, however many there are', async () => {
      for (let n = 0; n < 7; n++) {
        await world.create(`s${n}`);
        await world.age(`s${n}`, TTL_MS);
      }
      await job().run();
      expect(await world.slots.overdue(await world.slots.now(), 10)).toEqual([]);
    });
  });

  describe('forgetting', () => {
    const run = () => new ForgetJob(world.slots, world.history, instance().runner).run();

    it('removes personal data a day after the end, from the slot and the copy, and not before', async () => {
      const id = await world.create('s');
      await world.report('s', id);
      await world.check('s', id, '111111');
      await drain.drain();
      await world.age('s', DAY_MS - 60_000);
      await run();
      expect((await world.slot('s')).current.personal).not.toBeNull();
      await world.age('s', 60_000);
      await run();
      expect(await world.slot('s')).toMatchObject({ current: { personal: null, transactionDigest: null } });
      expect(await world.slot('s')).not.toHaveProperty('dueAt');
      expect(await world.history.find('app', id)).toMatchObject({ personal: null, recipient: 'recipient' });
    });

    it('removes a tombstone a day after its end together with the personal data of its copy', async () => {
      const old = await world.create('s');
      await world.report('s', old);
      await world.age('s', DAY_MS);
      const current = await world.create('s', { ttlMs: DAY_MS });
      await world.report('s', current);
      await drain.drain();
      await world.age('s', TTL_MS - 60_000);
      await run();
      expect((await world.slot('s')).past).toMatchObject([{ id: old, status: 'expired', tombstone: true }]);
      await world.age('s', 60_000);
      await run();
      expect(await world.slot('s')).toMatchObject({ past: [], ids: [current] });
      expect(await world.history.find('app', old)).toMatchObject({ personal: null });
      expect((await world.history.find('app', current))!.personal).not.toBeNull();
    });

    // Catches: erasing the slot first; a crash between the two would leave the copy for 400 days.
    it('erases the copy before the slot, so that a crash in between is made good', async () => {
      const id = await world.create('s');
      await world.report('s', id);
      await world.check('s', id, '111111');
      await drain.drain();
      await world.age('s', DAY_MS);
      const failing = Object.create(world.history, {
        erasePersonal: { value: () => Promise.reject(new Error('crash')) },
      }) as typeof world.history;
      await new ForgetJob(world.slots, failing, instance().runner).run();
      expect((await world.slot('s')).current.personal).not.toBeNull();
      await run();
      expect(await world.history.find('app', id)).toMatchObject({ personal: null });
    });

    // Catches: forgetting slots that wait for the drain.
    it('waits for the drain: what has no copy yet cannot be erased from it', async () => {
      const id = await world.create('s');
      await world.report('s', id);
      await world.check('s', id, '111111');
      await world.age('s', 2 * DAY_MS);
      await run();
      expect((await world.slot('s')).current.personal).not.toBeNull();
      await drain.drain();
      await run();
      expect(await world.history.find('app', id)).toMatchObject({ status: 'approved', personal: null });
    });
  });

  describe('re-dispatch', () => {
    it('hands over deliveries whose lease ran out, of past verifications too, and no others', async () => {
      const past = await world.create('s');
      const current = await world.create('s');
      await world.create('fresh');
      await world.age('s', 30_000);
      const handed: string[] = [];
      const dispatch: Pick<FollowUpService, 'redispatch' | 'room'> = {
        room: 1_000,
        redispatch: async (slotId, verificationId) => (
          handed.push(`${slotId}/${verificationId}`),
          'abandoned'
        ),
      };
      await new RedispatchJob(world.slots, dispatch as FollowUpService, instance().runner).run();
      expect(handed.sort()).toEqual([`s/${current}`, `s/${past}`].sort());
    });

    it('lets one that fails not keep the others from their turn, and shows it', async () => {
      for (const slotId of ['a', 'b', 'c']) {
        await world.create(slotId);
        await world.age(slotId, 30_000);
      }
      const handed: string[] = [];
      const redispatch = async (slotId: string) => {
        if (slotId === 'b') throw Object.assign(new Error('secret words'), { code: 'unavailable' });
        handed.push(slotId);
        return null;
      };
      const dispatch: Pick<FollowUpService, 'redispatch' | 'room'> = { room: 1_000, redispatch };
      const { runner, status } = instance();
      await new RedispatchJob(world.slots, dispatch as FollowUpService, runner).run();
      expect(handed.sort()).toEqual(['a', 'c']);
      expect(status.report()).toMatchObject([
        { name: 'redispatch', lastError: 'unavailable', lastOkAt: null },
      ]);
    });
  });

  it('keep what the settings say and remember how far they came', async () => {
    const { leases, runner, status } = instance();
    const id = await world.create('s');
    await drain.drain();
    const copy = (await world.history.find('app', id))!;
    const old = (days: number) => new Date(Date.now() - days * DAY_MS);
    await world.history.save([
      { ...copy, id: 'ancient', createdAt: old(401) },
      { ...copy, id: 'month', createdAt: old(32) },
    ]);
    await world.log.append([
      { ...(await world.log.list({ applicationId: 'app', limit: 1 })).events[0]!, id: 'x' },
    ]);
    const job = new RetentionJob(world.log, world.history, leases, runner, { retentionDays: -1 });
    await job.run();
    await job.run();
    expect((await world.copies()).map((one) => [one._id, one.recipient])).toEqual(
      [[id, 'recipient'] as const, ['month', undefined] as const].sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    expect((await world.logged()).map((entry) => entry._id)).toEqual(['x']);
    expect(await leases.bookmark('recipient-removal')).toMatchObject({ id: 'month' });
    expect(status.report().map((one) => [one.name, one.lastError])).toEqual([
      ['audit-retention', null],
      ['history-retention', null],
      ['recipient-removal', null],
    ]);
  });

  describe('the drain as a job', () => {
    const start = () => {
      const { leases, status } = instance();
      return { status, job: new RelayJob(drain, leases, status) };
    };

    it('keeps up within a second, and another instance takes over when one stops', async () => {
      const [first, second] = [start(), start()];
      first.job.onApplicationBootstrap();
      const one = await world.create('s');
      await within(1_000, async () => (await world.copies()).some((copy) => copy._id === one));
      second.job.onApplicationBootstrap();
      await first.job.beforeApplicationShutdown();
      const two = await world.create('t');
      await within(2_500, async () => (await world.copies()).some((copy) => copy._id === two));
      await second.job.beforeApplicationShutdown();
      const { ok, details } = await jobsProbe(second.status).check();
      expect(ok).toBe(true);
      expect(details).toEqual({ drainLagSeconds: 0 });
    });

    it('shows the age of the oldest event while nobody drains', async () => {
      await world.create('s');
      await world.age('s', 90_000);
      const { leases } = instance();
      await leases.acquire('drain', 4_000);
      const { status, job } = start();
      job.onApplicationBootstrap();
      await within(2_000, async () => (status.report()[0]?.lagSeconds ?? 0) > 89);
      await job.beforeApplicationShutdown();
    });
  });
});

async function within(ms: number, condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
