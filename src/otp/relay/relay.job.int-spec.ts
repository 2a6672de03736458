import { jobInstance, jobsApp, within } from '../../../test/support/job-instance';
import { useDatabase } from '../../../test/support/mongo';
import { RelayWorld } from '../../../test/support/relay-process';
import { CleanupStatus, jobsProbe } from '../../cleanup/cleanup-status';
import { relayJob } from './relay.job';

/** From then on what a process wrote is anybody's work. */
const DUE_MS = 5_000;

describe('the relay as a job', () => {
  const test = useDatabase();
  let world: RelayWorld;
  beforeAll(async () => (world = await RelayWorld.open(test)));
  afterEach(() => world.clear());

  const start = () => {
    const { slots, relay } = world.start();
    return jobsApp(test, relayJob(slots, relay));
  };
  /** A process writes something and dies at once. */
  const leaveBehind = async (slotId: string, ageMs: number): Promise<string> => {
    const dying = world.start();
    const id = await dying.create(slotId);
    await dying.kill();
    await world.age(slotId, ageMs);
    return id;
  };
  const isCopied = async (id: string) => (await world.copies()).some((copy) => copy._id === id);

  it('finds what a process left behind, and another instance takes over when one stops', async () => {
    const first = await start();
    const one = await leaveBehind('s', DUE_MS);
    await within(2_500, () => isCopied(one));
    const second = await start();
    await first.close();
    const two = await leaveBehind('t', DUE_MS);
    await within(4_500, () => isCopied(two));
    const { ok, details } = await jobsProbe(second.get(CleanupStatus)).check();
    await second.close();
    expect(ok).toBe(true);
    expect(details).toEqual({ relayLagSeconds: 0 });
  });

  it('shows for how long the oldest event has been due while nobody relays', async () => {
    await leaveBehind('s', DUE_MS + 90_000);
    await jobInstance(test).leases.acquire('relay', 4_000);
    const app = await start();
    await within(3_000, () => (app.get(CleanupStatus).report()[0]?.lagSeconds ?? 0) > 89);
    await app.close();
  });
});
