/**
 * R25. Who knows a number locks its owner out: wrong guesses end the owner's verification, and the lock never ends. Seen
 * in Keycloak (#46164, one lock for password and code) and dearmep (#162).
 *
 * Catches: a lock that does not end by itself; one count for all purposes or applications; a known device that is not
 * stored, or whose exemption one process does not know.
 *
 * Waits for: nothing that is planned, and one thing stays open. A stranger at the application's own form who types the
 * number joins the owner's pending verification, and can use up its checks; the owner then starts another one.
 */
import {
  asAnotherWriter,
  type Answer,
  type CallOptions,
  newNumber,
  type Tenant,
  wordFor,
  wrongCode,
} from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
const policy = { cooldownSeconds: 0, sends: { max: 100 }, maxChecks: 10 };
let tenant: Tenant;
let to: string;
beforeAll(async () => {
  tenant = await engine.tenant({ policy });
});
beforeEach(() => (to = newNumber()));

/** Process by turns, so that nothing may depend on the memory of one. */
let turn = 0;
const next = (): CallOptions => ({ on: turn++ % 2 });

const failures = async (purpose?: string): Promise<unknown> =>
  (await tenant.lookup(to, purpose, next())).body['failures'];

async function wrong(id: string, code: string, times: number): Promise<void> {
  for (let n = 1; n <= times; n++) {
    expect((await tenant.check(id, wrongCode(code, n), next())).body['valid']).toBe(false);
  }
}

/** As if somebody else had written that, a while ago. */
async function change(id: string, set: object): Promise<void> {
  await engine.db.collection('slots').updateOne({ ids: id }, { $set: set, ...asAnotherWriter });
}

function expectLocked(answer: Answer, seconds: number): void {
  expect(wordFor(answer)).toBe('429 recipient_locked');
  const left = (Date.parse(String(answer.body['lockedUntil'])) - Date.now()) / 1000;
  expect(left).toBeGreaterThan(seconds - 10);
  expect(left).toBeLessThanOrEqual(seconds);
}

it('guesses by another purpose or application are not counted against the verification of the owner', async () => {
  const mine = await tenant.start({ to });
  const attacked = await tenant.start({ to, purpose: 'login' });
  await wrong(attacked.id, attacked.code, 10);
  const other = await engine.tenant({ policy });
  const foreign = await other.start({ to });
  for (let n = 1; n <= 10; n++) await other.check(foreign.id, wrongCode(foreign.code, n));
  expect(wordFor(await other.check(mine.id, wrongCode(mine.code)))).toBe('404 verification_not_found');
  expect([await failures('login'), await failures()]).toEqual([10, 0]);
  const right = await tenant.check(mine.id, mine.code, next());
  expect(right.body).toMatchObject({ valid: true, checks: { used: 1 } });
});

it('the lock ends by itself, and the right code clears the count', async () => {
  const { id, code } = await tenant.start({ to });
  await change(id, { failures: 9 });
  await wrong(id, code, 1);
  for (const on of [0, 1]) expectLocked(await tenant.check(id, code, { on }), 30);
  await change(id, { lockedUntil: new Date(Date.now() - 1) });
  expect((await tenant.check(id, code, next())).body['valid']).toBe(true);
  expect(await failures()).toBe(0);
});

it('the owner on a known device is not held up, while a visitor on others keeps the delay at its top', async () => {
  const owner = { deviceId: 'cookie-of-the-owner' };
  const first = await tenant.start({ to, ...owner });
  expect((await tenant.check(first.id, first.code, { ...next(), ...owner })).body['valid']).toBe(true);

  const attacked = await tenant.start({ to }, next());
  await change(attacked.id, { failures: 20 });
  await wrong(attacked.id, attacked.code, 1);
  for (const on of [0, 1]) {
    expectLocked(await tenant.create({ to, deviceId: 'visitor' }, { on }), 3600);
    expectLocked(await tenant.check(attacked.id, attacked.code, { on, deviceId: 'visitor' }), 3600);
  }
  // It joins what is pending, and its code comes again.
  const mine = await tenant.create({ to, ...owner }, next());
  expect([wordFor(mine), mine.body['id']]).toEqual(['200', attacked.id]);
  const right = await tenant.check(attacked.id, attacked.code, { ...next(), ...owner });
  expect(right.body['valid']).toBe(true);
  expect(await failures()).toBe(0);

  const [slot] = await engine.db.collection('slots').find({ ids: attacked.id }).toArray();
  expect(slot?.['devices']).toEqual([expect.stringMatching(/^[\w-]{22}$/)]);
  expect(JSON.stringify(slot)).not.toContain(owner.deviceId);
});
