/**
 * R28. A gateway that refuses, breaks off or says nothing is taken for one that sent, or is asked again blindly. Seen in
 * otpgateway (measured), Supabase (auth#1243) and Kratos (#4461, given up in silence after six tries).
 *
 * Catches: an open outcome that is counted as a refusal (two texts) or as success; a refusal that nobody learns of. Runs
 * on an installation of its own, because failing gateways open breakers. All answers of all gateways: their own specs.
 */
import { newNumber, type Tenant, until, useEngine } from '../support/engine';
import type { SinkMode } from '../support/gateway-sink';

const engine = useEngine({
  processes: 1,
  env: { SMS_ROUTES: '*:http,console', SMS_HTTP_SUCCESS_PATH: 'status', SMS_HTTP_SUCCESS_VALUE: 'ok' },
});

const status = (code: number, body?: unknown): SinkMode => ({ kind: 'status', status: code, body });
const taken = ['http accepted'];
/** For certain not sent: the next gateway may. */
const refused = ['http rejected', 'console accepted'];
/** Perhaps sent: with `onUnknown: wait` nobody else is asked. */
const open = ['http unknown'];

interface Delivery {
  readonly state: string;
  readonly attempts: readonly { readonly provider: string; readonly outcome: string }[];
}

let tenant: Tenant;
beforeAll(async () => {
  tenant = await engine.tenant({ delivery: { onUnknown: 'wait', attemptTimeoutMs: 1_000 } });
});

it.each<[string, SinkMode, readonly string[], string]>([
  ['2xx that says it went well', status(200, { status: 'ok' }), taken, 'accepted'],
  ['2xx with an error in its body', status(200, { status: 'failed' }), refused, 'accepted'],
  ['2xx that says nothing', status(200, {}), open, 'unknown'],
  ['4xx', status(402), refused, 'accepted'],
  ['5xx', status(500), open, 'unknown'],
  ['silence', { kind: 'hang' }, open, 'unknown'],
  ['a reset before it read', { kind: 'reset-before-read' }, open, 'unknown'],
  ['a reset after it read', { kind: 'reset-after-read' }, open, 'unknown'],
  ['2xx that is no JSON', status(200, 'garbage'), open, 'unknown'],
  // Last: the gateway rests after it.
  ['429', status(429), refused, 'accepted'],
])('%s: what is known is written down, and nobody gets two texts', async (_what, mode, calls, state) => {
  engine.sink.mode = mode;
  const to = newNumber();
  const { body } = await tenant.create({ to }, { headers: { prefer: 'wait=5' } });
  const delivery = await until(async () => {
    const read = await tenant.read(String(body['id']));
    const [one] = read.body['deliveries'] as Delivery[];
    return one?.state !== 'sending' && one;
  });
  expect(delivery!.attempts.map(({ provider, outcome }) => `${provider} ${outcome}`)).toEqual(calls);
  expect(delivery!.state).toBe(state);
  expect(engine.sink.sentTo(to).length).toBeLessThanOrEqual(1);
  // So that no breaker opens: it counts failures in a row.
  engine.sink.mode = status(200, { status: 'ok' });
  for (let n = 0; n < 2; n++) await tenant.create({ to: newNumber() }, { headers: { prefer: 'wait=5' } });
});
