/**
 * R04. Asking for another code, or starting again, gives the attacker all guesses anew. Seen in caddy-security
 * (GHSA-vfph-hjfv-cpv2) and better-auth (#11162): with enough codes every account falls.
 *
 * Catches: a send, a new verification or a cancel that resets the count of failures or of checks.
 */
import { type CallOptions, newNumber, type Tenant, wordFor, wrongCode } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
let tenant: Tenant;
let to: string;
/** Process by turns, so that nothing may depend on the memory of one. */
let turn = 0;
const next = (): CallOptions => ({ on: turn++ % 2 });

beforeAll(async () => {
  tenant = await engine.tenant({ policy: { cooldownSeconds: 0, sends: { max: 100 }, maxChecks: 5 } });
});
beforeEach(() => (to = newNumber()));

const failures = async (): Promise<unknown> => (await tenant.lookup(to, undefined, next())).body['failures'];

async function wrong(id: string, code: string, times: number): Promise<void> {
  for (let n = 1; n <= times; n++) {
    const answer = await tenant.check(id, wrongCode(code, n), next());
    expect([wordFor(answer), answer.body['valid']]).toEqual(['200', false]);
  }
}

it('a code that was sent again has the guesses that were left', async () => {
  const { id, code } = await tenant.start({ to });
  await wrong(id, code, 4);
  expect((await tenant.call(`POST /v1/verifications/${id}/sends`, {}, next())).status).toBe(201);
  await wrong(id, code, 1);
  expect((await tenant.read(id)).body).toMatchObject({ status: 'failed', checks: { used: 5, max: 5 } });
  for (const on of [0, 1]) {
    expect(wordFor(await tenant.check(id, code, { on }))).toBe('409 verification_failed');
  }
  const { id: again } = await tenant.start({ to }, next());
  expect(again).not.toBe(id);
  expect(await failures()).toBe(5);
});

it('failures add up over resend, cancel, new verification and replacement; only a right guess clears them', async () => {
  const first = await tenant.start({ to });
  await wrong(first.id, first.code, 2);
  expect((await tenant.call(`POST /v1/verifications/${first.id}/sends`, {}, next())).status).toBe(201);
  expect(await failures()).toBe(2);
  await wrong(first.id, first.code, 1);
  expect((await tenant.call(`POST /v1/verifications/${first.id}/cancel`, undefined, next())).status).toBe(
    200,
  );
  expect(await failures()).toBe(3);

  const second = await tenant.start({ to }, next());
  expect(second.id).not.toBe(first.id);
  await wrong(second.id, second.code, 2);
  // With another payment in it, a create never joins: it replaces.
  const transaction = { amount: '5.00', currency: 'EUR', payee: 'Shop' };
  const third = await tenant.start({ to, transaction }, next());
  expect(await failures()).toBe(5);
  await wrong(third.id, third.code, 2);
  expect(await failures()).toBe(7);

  const right = await tenant.check(third.id, third.code, { ...next(), transaction });
  expect(right.body).toMatchObject({ valid: true, checks: { used: 3 } });
  expect(await failures()).toBe(0);
  expect((await tenant.lookup(to)).body).toMatchObject({ lockedUntil: null, sends: { used: 0 } });
});
