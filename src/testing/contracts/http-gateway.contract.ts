import { strict as assert } from 'node:assert';
import { z } from 'zod';
import type { Gateway, SmsMessage } from '../../sms/gateway';
import { has, sameAs } from '../assertions';
import type { Behaviour } from '../fakes/gateway-emulator';
import { aMessage } from '../message';
import { currentRunner, type Runner } from '../runner';
import { gatewayContract, settle } from './gateway.contract';
import { sendersContract } from './senders.contract';
import { type HttpGatewayUnderTest, type StartedGateway, startHttpGateway } from './started-gateway';
import { validityContract } from './validity.contract';

const SERVER_ERRORS = [500, 501, 502, 503, 504, 507, 529, 599];

const bareStatuses: readonly (readonly [number, object])[] = [
  [429, { outcome: 'rejected', reason: 'rate-limited' }],
  [503, { outcome: 'unknown' }],
  [500, { outcome: 'unknown' }],
  [502, { outcome: 'unknown' }],
  [504, { outcome: 'unknown' }],
  [404, { outcome: 'rejected' }],
  [308, { outcome: 'rejected', reason: 'unavailable' }],
];

const strangeBodies: readonly (readonly [string, string | Buffer])[] = [
  ['HTML', '<html>fine</html>'],
  ['half an object', '{"id":'],
  ['nothing', ''],
  ['a list', '[]'],
  ['null', 'null'],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
];

const misbehaviours: readonly (readonly [string, Behaviour])[] = [
  ['resets the connection before reading', { kind: 'reset-before-read' }],
  ['resets the connection after reading', { kind: 'reset-after-read' }],
  ['answers with what is not HTTP', { kind: 'garbage' }],
  ['answers 10 MB', { kind: 'huge', bytes: 10_000_000 }],
];

/** Real sockets against an emulator that answers in the vendor's shapes, and misbehaves in every way. */
export function httpGatewayContract<Config>(
  gateway: HttpGatewayUnderTest<Config>,
  runner: Runner = currentRunner(),
): void {
  const { describe, it } = runner;
  const { definition } = gateway;
  gatewayContract(() => startHttpGateway(gateway), runner);
  describe('over real sockets', () => {
    answers(gateway, runner);
    troubles(gateway, runner);
  });

  const askedFor = async (message: Partial<SmsMessage>, settings: Readonly<Record<string, string>> = {}) => {
    const { gateway: subject, emulator, stop } = await startHttpGateway(gateway, settings);
    await settle(subject, aMessage(message), 5_000);
    await stop();
    return emulator.lastRequest;
  };
  validityContract(gateway, askedFor, runner);
  sendersContract(gateway, askedFor, runner);

  it('describes every setting, and refuses settings it does not know', () => {
    const { config } = definition;
    const shape = config instanceof z.ZodObject ? (config.shape as Record<string, z.ZodType>) : {};
    assert.notDeepEqual(Object.keys(shape), []);
    const settings = gateway.settings('http://127.0.0.1:1');
    assert.equal(config.safeParse(settings).success, true);
    assert.equal(config.safeParse({ ...settings, unknownSetting: 'x' }).success, false);
  });
}

/** A gateway for each test, and a way to send by it. */
function each<Config>(gateway: HttpGatewayUnderTest<Config>, { beforeEach, afterEach }: Runner) {
  let current: StartedGateway<Config> | null = null;
  const subject = (): StartedGateway<Config> => {
    if (!current) throw new Error('inside tests only');
    return current;
  };
  beforeEach(async () => {
    current = await startHttpGateway(gateway);
  });
  afterEach(() => subject().stop());
  const send = (message = aMessage(), timeoutMs = 5_000) => settle(subject().gateway, message, timeoutMs);
  return { subject, send };
}

/** What the vendor says, in its words and in others. */
function answers<Config>(gateway: HttpGatewayUnderTest<Config>, runner: Runner): void {
  const { it } = runner;
  const { subject, send } = each(gateway, runner);
  const { accepted, strange2xx } = gateway;

  it('reads the reference of a text that was taken', async () => {
    has(await send(), { outcome: 'accepted', reference: accepted.reference });
  });

  it('sends the number in the form of the vendor, once', async () => {
    await send();
    assert.equal(subject().emulator.requests.length, 1);
    assert.equal(gateway.numberIn(subject().emulator.lastRequest), gateway.number);
  });

  it('never puts the number or the code into the path or a header', async () => {
    await send();
    const { path, headers, method } = subject().emulator.lastRequest;
    assert.doesNotMatch(JSON.stringify(headers) + (method === 'GET' ? '' : path), /600987123|483920/);
  });

  for (const [name, status, body, expected] of gateway.errors)
    it(`maps this: ${name}`, async () => {
      subject().emulator.answer(status, body);
      // Whose limit it is: a matter of its own.
      sameAs({ ...(await send()), limitOf: undefined }, expected);
    });

  for (const [status, expected] of bareStatuses)
    it(`judges a bare ${status} page of HTML by its status`, async () => {
      subject().emulator.answer(status, '<html>go away</html>', { 'content-type': 'text/html' });
      has(await send(), expected);
    });

  // Catches: a table of the vendor's codes that is asked before the status.
  it('says unknown of every 5xx, whatever its body says', async () => {
    const bodies = [accepted.body, ...gateway.errors.map(([, , body]) => body)];
    for (const [at, body] of [...bodies, ...SERVER_ERRORS.map(() => accepted.body)].entries()) {
      subject().emulator.answer(SERVER_ERRORS[at % SERVER_ERRORS.length] ?? 500, body);
      assert.equal((await send()).outcome, 'unknown');
    }
  });

  for (const [name, body] of strangeBodies)
    it(`judges a 200 with ${name} as a strange answer`, async () => {
      subject().emulator.answer(200, body);
      const expected = body === '' ? (gateway.empty2xx ?? strange2xx) : strange2xx;
      assert.equal((await send()).outcome, expected);
    });
}

/** What goes wrong on the way. */
function troubles<Config>(gateway: HttpGatewayUnderTest<Config>, runner: Runner): void {
  const { it } = runner;
  const { subject, send } = each(gateway, runner);

  for (const [name, behaviour] of misbehaviours)
    it(`says unknown when the gateway ${name}`, async () => {
      subject().emulator.behave(behaviour);
      assert.equal((await send()).outcome, 'unknown');
    });

  for (const kind of ['hang', 'drip'] as const)
    it(`ends at the signal and says unknown when the gateway does this: ${kind}`, async () => {
      subject().emulator.behave({ kind });
      sameAs(await send(aMessage(), 150), { outcome: 'unknown' });
    });

  it('knows that a gateway which cannot be reached took nothing', async () => {
    await subject().emulator.stop();
    sameAs(await send(), { outcome: 'rejected', reason: 'unavailable' });
  });

  it('does not follow a redirect', async () => {
    const { emulator } = subject();
    emulator.answer(302, '', { location: `${emulator.url}/elsewhere` });
    has(await send(), { outcome: 'rejected', reason: 'unavailable' });
    assert.equal(emulator.requests.length, 1);
  });

  it('shows neither number, code nor credentials, whatever happens', async () => {
    const message = aMessage();
    const hidden = [message.code, message.to.slice(1), ...gateway.secrets];
    for (const behaviour of everyMisbehaviour(message)) {
      subject().emulator.behave(behaviour);
      const shown = await told(subject().gateway, message);
      assert.deepEqual(
        hidden.filter((value) => shown.includes(value)),
        [],
      );
    }
  });
}

/** An answer that repeats what it was sent is what an error text is usually made of. */
function everyMisbehaviour({ to, code }: SmsMessage): Behaviour[] {
  const echo = (status: number): Behaviour => ({
    kind: 'answer',
    status,
    body: JSON.stringify({ code: `bad ${to} ${code}`, message: `cannot send ${code} to ${to}`, error: to }),
  });
  const others = ['reset-after-read', 'reset-before-read', 'garbage', 'hang'] as const;
  return [...[400, 401, 404, 429, 500, 503].map(echo), ...others.map((kind) => ({ kind }))];
}

async function told(gateway: Gateway, message: SmsMessage): Promise<string> {
  try {
    return JSON.stringify(await gateway.send(message, AbortSignal.timeout(200)));
  } catch (error) {
    return `${String(error)} ${error instanceof Error ? `${error.stack} ${String(error.cause)}` : ''}`;
  }
}
