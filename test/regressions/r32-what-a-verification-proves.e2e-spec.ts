/**
 * R32. Those who build on a verification take it for more than it is: for a second factor, for an identity, for an
 * account. Seen around Kratos (GHSA-wc43-73w7-x2f5) and better-auth (GHSA-qq9h-g4jm-xgf3, accounts taken beforehand by
 * sign-in with a code).
 *
 * Catches: an answer that says less than number, purpose and time of an approval, or says `valid` where nothing was
 * judged; a document that no longer says what an approval does not prove.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newNumber, wrongCode } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();

it('an approval names number, purpose and time, and nothing about a person or an account', async () => {
  const tenant = await engine.tenant();
  const to = newNumber();
  const started = await tenant.start({ to, purpose: 'sign_up' });
  const before = Date.now();
  const { body: approval } = await tenant.check(started.id, started.code);
  const after = Date.now();
  expect(approval).toMatchObject({ valid: true, status: 'approved', to, purpose: 'sign_up' });
  // `endedAt` of an approved verification is when it was approved; the clocks are one machine's, and what a process
  // thinks of the database's is right within a second.
  const endedAt = Date.parse(String(approval['endedAt']));
  expect(endedAt).toBeGreaterThan(before - 1_000);
  expect(endedAt).toBeLessThan(after + 1_000);
  expect(Object.keys(approval)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/user|account|identity/i)]),
  );
});

it('only the answer to a check says `valid`', async () => {
  const tenant = await engine.tenant();
  const { id, code } = await tenant.start();
  const wrong = await tenant.check(id, wrongCode(code));
  expect(wrong.body).toMatchObject({ valid: false, status: 'pending', endedAt: null });
  await tenant.check(id, code);
  const answers = [await tenant.read(id), await tenant.call('GET /v1/verifications')];
  for (const { text } of answers) expect(text).not.toContain('"valid"');
});

it('the documents say what it does not prove', async () => {
  const concepts = await readFile(join(__dirname, '../../docs/concepts.md'), 'utf8');
  const section = /^## What an approval proves\n([^]*?)^## /m.exec(concepts)?.[1] ?? '';
  for (const word of ['Not identity', 'Not intent', 'Not another session', 'Not the account'])
    expect(section).toContain(word);
});
