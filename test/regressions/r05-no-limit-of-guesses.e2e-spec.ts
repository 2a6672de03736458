/**
 * R05. Nothing counts the guesses, or the count has no consequence: a million requests find every code. Seen in Plane
 * (CVE-2026-105638), OpenCTI (GHSA-hg56-r6hh-56j7), firezone (GHSA-6wm4-2f45-mq3f), CVE-2025-4094, CVE-2026-15210,
 * CVE-2026-19256, CVE-2025-56224, CVE-2026-111675 and CVE-2026-56450.
 *
 * Catches: a last wrong guess that does not end the verification (`isLast` never true), or off by one.
 */
import { until, wordFor, wrongCode } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();

it('after as many wrong guesses as allowed the end is final: no call opens it again, and the log says why', async () => {
  const tenant = await engine.tenant({ policy: { maxChecks: 3, cooldownSeconds: 0 } });
  const { id, to, code } = await tenant.start();
  for (const [n, status] of [
    [1, 'pending'],
    [2, 'pending'],
    [3, 'failed'],
  ] as const) {
    const { body } = await tenant.check(id, wrongCode(code, n), { on: n % 2 });
    expect(body).toMatchObject({ valid: false, status, checks: { used: n, max: 3 } });
  }
  const texts = engine.sink.sentTo(to).length;
  for (const on of [0, 1]) {
    expect(wordFor(await tenant.check(id, code, { on }))).toBe('409 verification_failed');
    for (const call of ['sends', 'cancel']) {
      const answer = await tenant.call(`POST /v1/verifications/${id}/${call}`, undefined, { on });
      expect(wordFor(answer)).toBe('409 verification_failed');
    }
  }
  expect((await tenant.call('POST /v1/recipients/unlock', { to })).status).toBe(204);
  expect(wordFor(await tenant.check(id, code))).toBe('409 verification_failed');
  expect((await tenant.read(id)).body).toMatchObject({ status: 'failed', checks: { used: 3 } });
  expect(engine.sink.sentTo(to)).toHaveLength(texts);

  const events = await until(async () => {
    const { body } = await tenant.call(`GET /v1/audit/events?verificationId=${id}&limit=100`);
    const all = body['data'] as { type: string; data: object }[];
    return (
      all.some(({ type }) => type === 'failed') && all.some(({ type }) => type === 'access_denied') && all
    );
  });
  expect(events.filter(({ type }) => type === 'check_failed')).toHaveLength(3);
  const refused = events.filter(({ type }) => type === 'access_denied');
  expect(refused[0]).toMatchObject({ data: { rule: 'verification_failed' } });
});
