/**
 * R19. Nothing limits how many texts one person gets, or a repeat of a request sends again. Seen in Jivejdon
 * (CVE-2026-107830), shesha (#4773) and Zitadel (#7186, one challenge sent texts without end).
 *
 * Catches: a cancel or a new verification that clears the window of sends; a repeat with the same key that runs again
 * (an idempotency record read before it is claimed). A crash between the gateway's answer and the write: the kills of
 * `test/faults/app-kill` count the texts.
 *
 * Waits for: limits by address, application and prefix, each to be reached alone by changing all the others.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { newNumber, tally, wordFor } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();

it('a person gets as many texts as the window allows, whatever is canceled, changed or begun anew', async () => {
  const tenant = await engine.tenant({ policy: { cooldownSeconds: 0, sends: { max: 3 } } });
  const to = newNumber();
  const words: string[] = [];
  for (let n = 0; n < 6; n++) {
    const options = { on: n % 2, headers: { 'user-agent': `agent-${n}`, 'idempotency-key': `key-${n}` } };
    const body = { to, clientIp: `192.0.2.${n}`, deviceId: `device-${n}`, locale: n % 2 ? 'es' : 'en' };
    const made = await tenant.create(body, options);
    words.push(wordFor(made));
    if (made.status === 201) {
      await engine.sink.waitForCode(to, n + 1);
      await tenant.call(`POST /v1/verifications/${String(made.body['id'])}/cancel`, undefined, options);
    }
  }
  expect(words).toEqual([
    ...Array<string>(3).fill('201'),
    ...Array<string>(3).fill('429 send_limit_reached'),
  ]);
  await sleep(300);
  expect(engine.sink.sentTo(to)).toHaveLength(3);
});

it('50 repeats of one create at once over two processes make one verification and one text', async () => {
  const tenant = await engine.tenant({ policy: { cooldownSeconds: 0, sends: { max: 20 } } });
  const to = newNumber();
  const headers = { 'idempotency-key': 'the-same' };
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => tenant.create({ to }, { headers, on: i % 2 })),
  );
  const words = tally(answers.map(wordFor));
  expect(Object.keys(words).filter((word) => word !== '409 idempotency_in_progress')).toEqual(['201']);
  const made = answers.filter(({ status }) => status === 201);
  expect(new Set(made.map(({ body }) => body['id'])).size).toBe(1);
  expect(made.filter((one) => one.headers.get('idempotent-replayed') !== 'true')).toHaveLength(1);
  for (const one of answers.filter(({ status }) => status === 409)) {
    expect(one.headers.get('retry-after')).toMatch(/^\d+$/);
  }
  await engine.sink.waitForCode(to);
  await sleep(300);
  expect(engine.sink.sentTo(to)).toHaveLength(1);
  expect((await tenant.lookup(to)).body).toMatchObject({ sends: { used: 1 } });
  expect((await tenant.read(String(made[0]!.body['id']))).body['deliveries']).toHaveLength(1);
});
