/**
 * R01. Guesses that come together are judged before the first failure is counted, so a limit of five lets hundreds
 * through. Seen in LatePoint (CVE-2026-110653), Wazuh (CVE-2026-93346) and Zitadel (GHSA-7h8m-vrxx-vr4m): accounts were
 * taken over by sending all guesses at once.
 *
 * Catches: counting and comparing in two steps (a check that is answered from its decision, before the guarded write).
 */
import { type Answer, tally, until, wordFor, wrongCode } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();

it('of 200 wrong guesses at once over two processes five are evaluated, and the right code is refused after', async () => {
  const tenant = await engine.tenant({ policy: { maxChecks: 5 } });
  const { id, to, code } = await tenant.start();
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => tenant.check(id, wrongCode(code, i + 1), { on: i % 2 })),
  );
  expect(tally(answers.map(wordFor))).toEqual({ '200': 5, '409 verification_failed': 195 });
  expect(answers.filter(({ body }: Answer) => body['valid'] === true)).toEqual([]);
  for (const on of [0, 1])
    expect(wordFor(await tenant.check(id, code, { on }))).toBe('409 verification_failed');
  expect((await tenant.read(id)).body).toMatchObject({ status: 'failed', checks: { used: 5, max: 5 } });
  expect((await tenant.lookup(to)).body).toMatchObject({ failures: 5 });
  const types = await until(async () => {
    const { body } = await tenant.call(`GET /v1/audit/events?verificationId=${id}&limit=100`);
    const logged = tally((body['data'] as { type: string }[]).map(({ type }) => type));
    return 'failed' in logged && logged;
  });
  expect(types).toMatchObject({ created: 1, check_failed: 5, failed: 1 });
});

// Catches: a second way to the same code with a count of its own, or with none.
it.each([
  ['by recipient', () => true],
  ['by id and by recipient', (i: number) => i % 4 < 2],
])('of 200 at once %s, over two processes, five are evaluated all in all', async (_, isByRecipient) => {
  const tenant = await engine.tenant({ policy: { maxChecks: 5 } });
  const { id, to, code } = await tenant.start();
  const byRecipient = (guess: string, on: number): Promise<Answer> =>
    tenant.call('POST /v1/checks', { to, code: guess }, { on });
  await Promise.all(
    Array.from({ length: 200 }, (_, i) => {
      const [guess, on] = [wrongCode(code, i + 1), i % 2];
      return isByRecipient(i) ? byRecipient(guess, on) : tenant.check(id, guess, { on });
    }),
  );
  expect((await tenant.read(id)).body).toMatchObject({ status: 'failed', checks: { used: 5, max: 5 } });
  expect((await tenant.lookup(to)).body).toMatchObject({ failures: 5 });
  for (const on of [0, 1])
    expect((await byRecipient(code, on)).body).toEqual({ valid: false, verification: null });
  const path = `GET /v1/audit/events?verificationId=${id}&limit=100`;
  const types = await until(async () => {
    const logged = ((await tenant.call(path)).body['data'] as { type: string }[]).map(({ type }) => type);
    return logged.includes('failed') && tally(logged);
  });
  expect(types).toMatchObject({ check_failed: 5, failed: 1 });
});
