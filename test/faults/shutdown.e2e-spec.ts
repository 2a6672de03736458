import { setTimeout as sleep } from 'node:timers/promises';
import type { VerificationAnswer } from '../../src/otp/verifications/verifications.dto';
import { defaultLimits } from '../../src/sms/gateway';
import { codeIn } from '../support/gateway-sink';
import { useDatabase } from '../support/mongo';
import { FaultWorld, type Incarnation } from './fault-world';
import { stopInOrder } from './stop-in-order';

const LEASE_MS = 30_000;
const database = useDatabase();

describe('an instance that is stopped or killed while it sends', () => {
  let world: FaultWorld;
  let south: Incarnation;
  let numbers = 0;

  beforeAll(async () => {
    world = await FaultWorld.open(database.uri);
    south = await world.start('south', database.uri);
    await world.widenLimits(south.app);
  }, 60_000);
  beforeEach(() => (world.sink.mode = { kind: 'accept' }));
  afterAll(() => world.close());

  const newNumber = (): string => `+346${String(40_000_000 + numbers++)}`;
  const until = async (isSo: () => boolean, limitMs: number): Promise<void> => {
    const end = Date.now() + limitMs;
    while (!isSo()) {
      if (Date.now() > end) throw new Error(`it did not become so within ${limitMs} ms`);
      await sleep(10);
    }
  };
  const create = async (on: Incarnation, to: string, headers = {}): Promise<VerificationAnswer> => {
    const response = await on.app.call('POST', '/v1/verifications', { to }, headers);
    expect(response.status).toBe(201);
    return (await response.json()) as VerificationAnswer;
  };
  const read = async (id: string): Promise<VerificationAnswer> =>
    (await (await south.app.call('GET', `/v1/verifications/${id}`)).json()) as VerificationAnswer;
  const stateOf = async (id: string) => (await read(id)).deliveries.map((delivery) => delivery.state);
  /** The same delivery went out a second time, with the same code, and that code is right. */
  const expectSameCodeTwice = async (id: string, to: string): Promise<void> => {
    const texts = world.sink.sentTo(to);
    expect(texts).toHaveLength(2);
    expect(texts[0]!.id).toBe(texts[1]!.id);
    const codes = texts.map((message) => codeIn(message.text));
    expect(codes[0]).toBe(codes[1]);
    const check = await south.app.call('POST', `/v1/verifications/${id}/checks`, { code: codes[0] });
    expect(await check.json()).toMatchObject({ valid: true });
  };

  // Fails when the process ends without finishing requests (`finishRequests` in shutdown.ts) or sends
  // (`beforeApplicationShutdown` in deliveries.service.ts).
  it('SIGTERM: running requests and running sends are finished, and nobody sends again', async () => {
    const north = await world.start('north', database.uri);
    world.sink.mode = { kind: 'accept', answerAfterMs: 2_000 };
    const [waiting, quick] = [newNumber(), newNumber()];
    const sent = await create(north, quick);
    const answer = create(north, waiting, { prefer: 'wait=8' });
    await until(() => world.sink.sentTo(waiting).length === 1, 5_000);
    await stopInOrder(north);
    const finished = await answer;
    expect(finished.deliveries).toMatchObject([{ state: 'accepted' }]);
    expect(await stateOf(sent.id)).toEqual(['accepted']);
    expect(world.sink.sentTo(quick)).toHaveLength(1);
    expect(world.sink.sentTo(waiting)).toHaveLength(1);
  }, 60_000);

  // Fails without `release` in deliveries.service.ts: the texts then wait for the lease, 30 s. Also when what the
  // closing connections do to the handed-on texts is written down as their result (`released`).
  it('SIGTERM with more texts than the gateway takes in time: another instance sends the rest at once', async () => {
    const north = await world.start('north', database.uri);
    world.sink.mode = { kind: 'hang' };
    // A hanging gateway is given up after 4 s, so two of the four turns end within the 7 s of a shutdown.
    const people = Array.from({ length: 4 * defaultLimits.inFlight }, newNumber);
    const created = await Promise.all(people.map((to) => create(north, to)));
    await stopInOrder(north);
    world.sink.mode = { kind: 'accept' };
    const rest = people.filter((to) => world.sink.sentTo(to).length === 0);
    expect(rest.length).toBeGreaterThanOrEqual(defaultLimits.inFlight);
    await until(() => rest.every((to) => world.sink.sentTo(to).length === 1), 5_000);
    await sleep(500);
    const states = await Promise.all(created.map(({ id }) => stateOf(id)));
    // What north had tried and got no answer for is not tried again: it may have arrived.
    expect(new Set(states.flat())).toEqual(new Set(['accepted', 'unknown']));
  }, 60_000);

  // Fails without the job (`RedispatchJob`). That nobody sends before the lease is over is asked for three times:
  // by `dueAt`, by the finder in slot-jobs.repository.ts, and by `ranOut` in lease.pipeline.ts. That it runs often enough
  // for 5 s: `delivery.jobs.spec.ts`.
  it('SIGKILL while the gateway hangs: another instance sends when the lease is over', async () => {
    const north = await world.start('north', database.uri);
    world.sink.mode = { kind: 'hang' };
    const to = newNumber();
    const { id, createdAt } = await create(north, to);
    await until(() => world.sink.sentTo(to).length === 1, 5_000);
    await world.kill(north);
    world.sink.mode = { kind: 'accept' };
    await until(() => world.sink.sentTo(to).length === 2, LEASE_MS + 30_000);
    expect(world.sink.sentTo(to)[1]!.at).toBeGreaterThanOrEqual(Date.parse(createdAt) + LEASE_MS);
    await expectSameCodeTwice(id, to);
  }, 90_000);
});
