/**
 * R27. Limits live in the memory of a process: every further instance is another budget, and a restart resets all. Seen
 * in InsForge (#1940) and nestjs-otp-service (source).
 *
 * Catches: an answer from what a process remembers of a slot that another one has changed (`relies` believed without
 * the guarded write); a count, lock or cool-down that is kept in memory.
 */
import { asAnotherWriter, wordFor, wrongCode } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();

it('processes share every count, and one that has just started knows them all', async () => {
  const tenant = await engine.tenant({ policy: { maxChecks: 4, cooldownSeconds: 30, sends: { max: 2 } } });
  const { id, to, code } = await tenant.start();
  for (const n of [1, 2, 3]) {
    const answer = await tenant.check(id, wrongCode(code, n), { on: n % 2 });
    expect(answer.body).toMatchObject({ valid: false, checks: { used: n, max: 4 } });
  }
  // The cool-down of a send that the first process made.
  expect(wordFor(await tenant.call(`POST /v1/verifications/${id}/sends`, {}, { on: 1 }))).toBe(
    '429 resend_too_soon',
  );
  await engine.add();
  const fresh = { on: 2 };
  expect((await tenant.lookup(to, undefined, fresh)).body).toMatchObject({ failures: 3, sends: { used: 1 } });
  const resend = await tenant.call(`POST /v1/verifications/${id}/sends`, {}, fresh);
  expect(wordFor(resend)).toBe('429 resend_too_soon');
  expect((await tenant.check(id, wrongCode(code, 4), fresh)).body).toMatchObject({
    valid: false,
    status: 'failed',
    checks: { used: 4 },
  });
  for (const on of [0, 1, 2]) {
    expect(wordFor(await tenant.check(id, code, { on }))).toBe('409 verification_failed');
  }
  // The tenth failure locks in every process; that it was there is news to all three.
  await engine.db
    .collection('slots')
    .updateOne({ ids: id }, { $set: { failures: 9, sends: [] }, ...asAnotherWriter });
  const next = await tenant.start({ to }, fresh);
  await tenant.check(next.id, wrongCode(next.code), fresh);
  for (const on of [0, 1, 2]) {
    expect(wordFor(await tenant.check(next.id, next.code, { on }))).toBe('429 recipient_locked');
  }
}, 60_000);
