import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AUDIT_EVENTS } from '../../src/audit/audit.schema';
import type { Slot } from '../../src/otp/slots/slot';
import { SLOTS } from '../../src/otp/slots/slot.schema';
import { slotDocuments } from '../support/slot-documents';
import { useDatabase } from '../support/mongo';
import { TcpProxy } from '../support/tcp-proxy';
import { FaultClient, type Told } from './fault-client';
import { FaultWorld, type Incarnation } from './fault-world';
import { SeededRandom } from './seeded-random';
import { mongodPort, SLOT_WRITE } from './slot-write';

/** A record whose attempt could not be suspended is taken over after 30 s. */
const PATIENCE_MS = 40_000;

describe('the connection to MongoDB fails in the middle of a call', () => {
  const database = useDatabase();
  let world: FaultWorld;
  let proxy: TcpProxy;
  let north: Incarnation;
  let client: FaultClient;
  let numbers = 0;

  beforeAll(async () => {
    proxy = await TcpProxy.start(mongodPort());
    world = await FaultWorld.open(database.uri);
    north = await world.start('north', proxy.mongoUri(database.name));
    client = new FaultClient([north.app.url], world.apiKey, new SeededRandom(1));
  }, 60_000);
  afterEach(() => proxy.heal());
  afterAll(async () => {
    await world.close();
    await proxy.close();
  });

  const newNumber = (): string => `+346${String(20_000_000 + numbers++)}`;
  const post = (path: string, body: unknown, idempotencyKey: string) =>
    ({ method: 'POST', path, body, idempotencyKey }) as const;
  const slot = async (id: string): Promise<Slot> => {
    const found = await world.db.collection<Slot>(SLOTS).findOne({ ids: id });
    if (!found) throw new Error('no such slot');
    return found;
  };
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    const end = Date.now() + 5_000;
    while (!(await isSo())) {
      if (Date.now() > end) throw new Error('it did not become so within 5 s');
      await sleep(10);
    }
  };
  /** No job has anything to write to a slot: the next one is the test's own. */
  const untilQuiet = (): Promise<void> =>
    until(
      async () => (await world.db.collection(SLOTS).countDocuments({ 'outbox.0': { $exists: true } })) === 0,
    );

  const started = async (): Promise<{ id: string; code: string; to: string }> => {
    const to = newNumber();
    const told = await client.untilTold(post('/v1/verifications', { to }, randomUUID()), PATIENCE_MS);
    const code = await world.sink.waitForCode(to);
    await untilQuiet();
    return { id: told!.body.id!, code, to };
  };
  const wrong = (code: string): string => (code === '000000' ? '000001' : '000000');

  /** The call reaches MongoDB, its answer never comes back; then the connection dies. The caller gets 503. */
  const answerLost = async (
    request: ReturnType<typeof post>,
    marker: string,
    happened: () => Promise<boolean>,
  ): Promise<void> => {
    proxy.swallowAfter(marker);
    const call = client.once(request);
    await until(happened);
    proxy.cut();
    expect(await call).toBeNull();
    expect(client.unknown.lost).toBe(0);
    proxy.heal();
  };

  // Each of the four fails when the outcome of an operation is not looked up by its id (`isThere` in
  // commit/group-commit.ts), or when the idempotency record is released instead of suspended after a 503.
  it('a right check whose answer is lost is 503, and valid when repeated with the same key', async () => {
    const { id, code } = await started();
    const check = post(`/v1/verifications/${id}/checks`, { code }, randomUUID());
    await answerLost(check, SLOT_WRITE, async () => (await slot(id)).current.status === 'approved');
    const told = await client.untilTold(check, PATIENCE_MS);
    expect(told).toMatchObject({
      status: 200,
      body: { valid: true, status: 'approved', checks: { used: 1 } },
    });
    const other = await client.once({ ...check, idempotencyKey: randomUUID() });
    expect(other).toMatchObject({ status: 409, code: 'verification_approved' });
    await untilQuiet();
    const events = { verificationId: id, type: 'approved' };
    expect(await world.db.collection(AUDIT_EVENTS).countDocuments(events)).toBe(1);
  }, 60_000);

  it('a wrong check whose answer is lost is charged once, however often it is repeated with the same key', async () => {
    const { id, code } = await started();
    const check = post(`/v1/verifications/${id}/checks`, { code: wrong(code) }, randomUUID());
    await answerLost(check, SLOT_WRITE, async () => (await slot(id)).current.checksUsed === 1);
    const told: (Told | null)[] = [];
    for (let n = 0; n < 3; n++) told.push(await client.untilTold(check, PATIENCE_MS));
    for (const each of told)
      expect(each).toMatchObject({ status: 200, body: { valid: false, checks: { used: 1 } } });
    expect(told.map((each) => each!.replayed)).toEqual([false, true, true]);
    expect((await slot(id)).failures).toBe(1);
  }, 60_000);

  it('a create whose answer is lost is one verification with one code, however often it is repeated', async () => {
    const to = newNumber();
    const create = post('/v1/verifications', { to }, randomUUID());
    const slots = await world.db.collection<Slot>(SLOTS).countDocuments(slotDocuments);
    await answerLost(
      create,
      SLOT_WRITE,
      async () => (await world.db.collection<Slot>(SLOTS).countDocuments(slotDocuments)) > slots,
    );
    const first = await client.untilTold(create, PATIENCE_MS);
    const second = await client.untilTold(create, PATIENCE_MS);
    expect(first).toMatchObject({ status: 201, body: { status: 'pending', to } });
    expect(second!.body.id).toBe(first!.body.id);
    expect((await slot(first!.body.id!)).ids).toEqual([first!.body.id]);
    // Nobody knew that its text had to go out: the job sends it when the lease has run out, after 30 s and 5.
    await sleep(Math.max(0, Date.parse(first!.body.createdAt!) + 35_500 - Date.now()));
    expect(world.sink.sentTo(to)).toHaveLength(1);
    const code = await world.sink.waitForCode(to);
    const check = post(`/v1/verifications/${first!.body.id}/checks`, { code }, randomUUID());
    expect(await client.once(check)).toMatchObject({ status: 200, body: { valid: true } });
  }, 90_000);

  it('a check that never reached MongoDB is 503, and evaluated when repeated with the same key', async () => {
    const { id, code } = await started();
    const check = post(`/v1/verifications/${id}/checks`, { code: wrong(code) }, randomUUID());
    proxy.cutBefore(SLOT_WRITE);
    expect(await client.once(check)).toBeNull();
    expect((await slot(id)).current.checksUsed).toBe(0);
    proxy.heal();
    expect(await client.untilTold(check, PATIENCE_MS)).toMatchObject({
      body: { valid: false, checks: { used: 1 } },
    });
    expect((await slot(id)).failures).toBe(1);
  }, 60_000);

  // Fails when a batch without answer is given up instead of being read back (`write` in commit/group-commit.ts).
  it('an interruption that is over soon costs time and no answer: what was written is read back', async () => {
    const { id, code } = await started();
    proxy.swallowAfter(SLOT_WRITE);
    const call = client.once(post(`/v1/verifications/${id}/checks`, { code }, randomUUID()));
    await until(async () => (await slot(id)).current.status === 'approved');
    proxy.heal();
    expect(await call).toMatchObject({ status: 200, body: { valid: true } });
  }, 60_000);

  // Fails when absence after an answer that got lost is taken for a refusal (`settleOne` in
  // commit/group-commit.ts).
  it('what was cut off before it arrived is unknown to the caller, never refused or made up', async () => {
    const { id, code } = await started();
    proxy.cutBefore(SLOT_WRITE);
    const call = client.once(post(`/v1/verifications/${id}/checks`, { code }, randomUUID()));
    await sleep(300);
    proxy.heal();
    expect(await call).toBeNull();
    expect((await slot(id)).current).toMatchObject({ status: 'pending', checksUsed: 0 });
  }, 60_000);

  it('has never answered anything but the truth, or 503', () => {
    expect(client.surprises).toEqual([]);
  });
});
