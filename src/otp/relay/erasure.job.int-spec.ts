import { useDatabase } from '../../../test/support/mongo';
import { RelayWorld } from '../../../test/support/relay-process';
import type { Lease } from '../../common/mongo/lease.repository';
import { erasureJob } from './erasure.job';
import type { ReadModelRepository } from './read-model/read-model.repository';

const DAY_MS = 86_400_000;

describe('erasure', () => {
  const test = useDatabase();
  let world: RelayWorld;
  beforeAll(async () => (world = await RelayWorld.open(test)));
  afterEach(() => world.clear());

  const run = async (readModel?: Pick<ReadModelRepository, 'erasePersonal'>): Promise<void> => {
    const here = world.start();
    await erasureJob(here.slots, readModel ?? here.verifications).run({} as Lease);
  };
  const approved = async (): Promise<string> => {
    const here = world.start();
    const id = await here.create('s');
    await here.report('s', id);
    await here.check('s', id, true);
    return id;
  };
  const age = (ms: number) => world.age('s', ms);
  const copyOf = async (id: string) => (await world.copies()).find(({ _id }) => _id === id);

  it('removes personal data a day after the end, from the slot and the copy, and not before', async () => {
    const id = await approved();
    await world.start().relayAll();
    await age(DAY_MS - 60_000);
    await run();
    expect((await world.slot('s')).current.personal).not.toBeNull();
    await age(60_000);
    await run();
    expect(await world.slot('s')).toMatchObject({ current: { personal: null, transactionDigest: null } });
    expect(await world.slot('s')).not.toHaveProperty('dueAt');
    expect(await copyOf(id)).toMatchObject({ personal: null, recipient: 'recipient' });
  });

  it('removes a tombstone a day after its end together with the personal data of its copy', async () => {
    const old = await approved();
    await age(DAY_MS - 60_000);
    const here = world.start();
    const current = await here.create('s', DAY_MS);
    await here.report('s', current);
    await here.relay.flush();
    await run();
    expect((await world.slot('s')).past).toMatchObject([{ id: old, status: 'approved', tombstone: true }]);
    await age(60_000);
    await run();
    expect(await world.slot('s')).toMatchObject({ past: [], ids: [current] });
    expect(await copyOf(old)).toMatchObject({ personal: null });
    expect((await copyOf(current))!.personal).not.toBeNull();
  });

  // Catches: erasing the slot first; a crash between the two would leave the copy for 400 days.
  it('erases the copy before the slot, so that a crash in between is made good', async () => {
    const id = await approved();
    await world.start().relayAll();
    await age(DAY_MS);
    const failing = run({ erasePersonal: () => Promise.reject(new Error('crash')) });
    await expect(failing).rejects.toThrow('crash');
    expect((await world.slot('s')).current.personal).not.toBeNull();
    await run();
    expect(await copyOf(id)).toMatchObject({ personal: null });
  });

  it('waits for the relay: what has no copy yet cannot be erased from it', async () => {
    const id = await approved();
    await age(2 * DAY_MS);
    await run();
    expect((await world.slot('s')).current.personal).not.toBeNull();
    await world.start().relayAll();
    await run();
    expect(await copyOf(id)).toMatchObject({ status: 'approved', personal: null });
  });
});
