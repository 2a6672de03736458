/**
 * R02. The code is compared in one step and used up in another, so every request that arrives between the two is
 * approved. Seen in MISP (CVE-2026-107276), Parse Server (GHSA-w73w-g5xw-rwhf, GHSA-2299-ghjr-6vjp), better-auth
 * (#8067), Kratos (HackerOne 3692149) and otpgateway: one code, many sessions.
 *
 * Catches: approving without looking at the status; a check that is answered from its decision, before the guarded
 * write. The same with a barrier after the read: `src/otp/slots/commit/races.int-spec.ts`.
 */
import { type Started, tally, until, wordFor } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
const ROUNDS = 3;

it('of 64 right guesses at once over two processes one is approved, with one event', async () => {
  const tenant = await engine.tenant();
  const rounds: Started[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = await tenant.start();
    rounds.push(started);
    const { id, code } = started;
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) => tenant.check(id, code, { on: i % 2 })),
    );
    expect(tally(answers.map(wordFor))).toEqual({ '200': 1, '409 verification_approved': 63 });
    expect(answers.filter(({ body }) => body['valid'] === true)).toHaveLength(1);
  }
  const logged = (id: string): Promise<Record<string, number>> =>
    until(async () => {
      const { body } = await tenant.call(`GET /v1/audit/events?verificationId=${id}&limit=100`);
      const types = tally((body['data'] as { type: string }[]).map(({ type }) => type));
      return 'approved' in types && types;
    });
  // The log is shown three seconds late: it is waited for once.
  for (const types of await Promise.all(rounds.map(({ id }) => logged(id)))) {
    expect(types).toMatchObject({ created: 1, approved: 1 });
    expect(types).not.toHaveProperty('check_failed');
  }
});
