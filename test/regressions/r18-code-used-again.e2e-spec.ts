/**
 * R18. A code stays right after it was used, so whoever saw it signs in as well. Seen in devise-two-factor
 * (CVE-2015-7225, CVE-2021-43177, GHSA-jm35-h8q2-73mp), MISP (CVE-2026-103655), Dovecot Pro (CVE-2026-27855), Parse
 * Server (CVE-2026-31875, GHSA-4hf6-3x24-c9m8) and tzsk/otp (#429).
 *
 * Catches: an approval that leaves the status pending or the MAC in place; a memory of what is used up that a restart
 * forgets.
 */
import { wordFor } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();

it('a code that was right once is never right again: at once, after a restart, after a new code', async () => {
  const tenant = await engine.tenant({ policy: { cooldownSeconds: 0 } });
  const { id, to, code } = await tenant.start();
  expect((await tenant.check(id, code)).body).toMatchObject({ valid: true, checks: { used: 1 } });
  await engine.add();
  for (const on of [0, 1, 2]) {
    expect(wordFor(await tenant.check(id, code, { on }))).toBe('409 verification_approved');
    const again = await tenant.call(`POST /v1/verifications/${id}/sends`, {}, { on });
    expect(wordFor(again)).toBe('409 verification_approved');
  }
  const next = await tenant.start({ to });
  expect(next.id).not.toBe(id);
  for (const on of [0, 1, 2]) {
    expect(wordFor(await tenant.check(id, code, { on }))).toBe('409 verification_approved');
  }
  const slot = await engine.db.collection('slots').findOne({ ids: id });
  expect(JSON.stringify(slot?.['past'])).not.toMatch(/"(mac|sealed)"/);
  expect((await tenant.read(id)).body).toMatchObject({ status: 'approved', checks: { used: 1 } });
}, 60_000);
