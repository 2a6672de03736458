/**
 * R29. The server calls whatever address its settings name, its own network and the metadata of the cloud included, and
 * waits for ever. Seen in Kratos (commit 65e42e5cb) and Novu's `generic-sms` (source).
 *
 * Catches: `isPublicAddress` always true; a gateway call without a time-out. Every spelling of an address, redirects and
 * names that change: `src/common/outbound`.
 */
import { newNumber, until } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();

it('in production a gateway at a private address is never called, and the delivery says so', async () => {
  const app = await engine.add({ NODE_ENV: 'production', SMS_ROUTES: '*:http' });
  expect(new URL(app.url).hostname).toBe('127.0.0.1');
  // Other rows send here without typing the codes, which a guard in production would mind.
  const tenant = await engine.tenant({ allowedCountries: ['ES'], pumping: { mode: 'off' } });
  const to = newNumber();
  const { body } = await tenant.create({ to }, { on: 2, headers: { prefer: 'wait=5' } });
  const [delivery] = body['deliveries'] as { state: string; attempts: { outcome: string }[] }[];
  expect(delivery!.state).not.toBe('accepted');
  expect(delivery!.attempts.map(({ outcome }) => outcome)).not.toContain('accepted');
  expect(delivery!.attempts.length).toBeGreaterThan(0);
  expect(engine.sink.sentTo(to)).toEqual([]);
}, 60_000);

// Without a time-out the text is still being sent when the ten seconds are over.
it('a gateway that hangs holds nobody longer than the time-out', async () => {
  // In a process of its own: its breaker learns of it.
  await engine.add();
  const tenant = await engine.tenant({ delivery: { onUnknown: 'wait', attemptTimeoutMs: 1_000 } });
  engine.sink.mode = { kind: 'hang' };
  const { body } = await tenant.create(
    { to: newNumber() },
    { on: engine.apps.length - 1, headers: { prefer: 'wait=10' } },
  );
  engine.sink.mode = { kind: 'accept' };
  expect(body['deliveries']).toMatchObject([{ state: 'unknown' }]);
  await until(async () => (await tenant.read(String(body['id']))).body['status'] === 'pending');
}, 60_000);
