import { strict as assert } from 'node:assert';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import { BoundedCheck } from '../../limits/risk/asking';
import type { RiskCall, RiskCheck, RiskCheckDefinition, RiskVerdict } from '../../limits/risk/check';
import { sameAs } from '../assertions';
import { GatewayEmulator, type Behaviour, type SeenRequest } from '../fakes/gateway-emulator';
import { currentRunner, type Runner } from '../runner';
import { aRiskCall, checkTools } from './risk-call';
import { PATIENT_MS, riskCheckContract, TIMEOUT_MS, type RiskCheckUnderTest } from './risk-check.contract';

/** One check that asks a service over HTTP, and how that service speaks. */
export interface HttpRiskCheckUnderTest<Config> {
  /** The check as it is handed in or loaded. */
  readonly definition: RiskCheckDefinition<Config>;
  /** Settings as texts, as the environment gives them, with the service at `baseUrl`. */
  readonly settings: (baseUrl: string) => Record<string, string>;
  /** Values that must never show: credentials, and the answer of the person. */
  readonly secrets: readonly string[];
  /** What the person answered; null: the check asks the person nothing. */
  readonly answer: string | null;
  /** What the service says when all is well. */
  readonly yes: object;
  /** What else it is documented to say: name, status, body, what that must become. */
  readonly answers: readonly (readonly [name: string, status: number, body: object, expected: RiskVerdict])[];
  /** A 200 that looks like a yes and is none. */
  readonly lies: readonly object[];
  /** Whether the service is to know the number. */
  readonly tellsNumber: boolean;
}

interface StartedCheck extends RiskCheckUnderTest {
  readonly emulator: GatewayEmulator;
}

const bareStatuses: readonly (readonly [status: number, reason: string])[] = [
  [401, 'unauthorized'],
  [429, 'rate_limited'],
  [302, 'strange_answer'],
  [400, 'strange_answer'],
  [403, 'strange_answer'],
  [404, 'strange_answer'],
];

const strangeBodies: readonly (readonly [name: string, body: string | Buffer])[] = [
  ['HTML', '<html>fine</html>'],
  ['half an object', '{"success":true'],
  ['nothing', ''],
  ['a list', '[true]'],
  ['a bare yes', 'true'],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
];

const misbehaviours: readonly (readonly [name: string, behaviour: Behaviour, reason: string])[] = [
  ['resets the connection before reading', { kind: 'reset-before-read' }, 'unreachable'],
  ['resets the connection after reading', { kind: 'reset-after-read' }, 'unreachable'],
  ['answers with what is not HTTP', { kind: 'garbage' }, 'unreachable'],
  ['answers 10 MB', { kind: 'huge', bytes: 10_000_000 }, 'strange_answer'],
];

const unknown = (reason: string) => ({ verdict: 'unknown', reason });

/** Real sockets against a service that answers as documented, and misbehaves in every way. */
export function httpRiskCheckContract<Config>(
  service: HttpRiskCheckUnderTest<Config>,
  runner: Runner = currentRunner(),
): void {
  riskCheckContract(() => startCheck(service), runner);
  runner.describe('over real sockets', () => {
    const tools = each(service, runner);
    answers(service, tools, runner);
    troubles(tools, runner);
    silence(service, tools, runner);
  });
}

async function startCheck<Config>(service: HttpRiskCheckUnderTest<Config>): Promise<StartedCheck> {
  const { definition, settings, yes, answer } = service;
  const emulator = await GatewayEmulator.start();
  emulator.answer(200, yes);
  const http = new UndiciHttpClient({ allowPrivate: true });
  return {
    definition,
    check: definition.create(definition.config.parse(settings(emulator.url)), checkTools({ http })),
    emulator,
    call: () => aRiskCall({ answer }),
    hang: () => emulator.behave({ kind: 'hang' }),
    stop: async () => {
      await http.close();
      await emulator.stop();
    },
  };
}

/** A check for each test, and ways to ask it. */
function each<Config>(service: HttpRiskCheckUnderTest<Config>, { beforeEach, afterEach }: Runner) {
  let current: StartedCheck | null = null;
  const subject = (): StartedCheck => {
    if (!current) throw new Error('inside tests only');
    return current;
  };
  beforeEach(async () => {
    current = await startCheck(service);
  });
  afterEach(() => subject().stop());
  const ask = (timeoutMs = PATIENT_MS) => new BoundedCheck(subject().check, timeoutMs).ask(subject().call());
  const asked = (behaviour: Behaviour, timeoutMs?: number) => {
    subject().emulator.behave(behaviour);
    return ask(timeoutMs);
  };
  const answered = (status: number, body: string | Buffer | object, headers = {}) => {
    const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return asked({ kind: 'answer', status, body: raw, headers });
  };
  return { subject, ask, asked, answered };
}

type Tools = ReturnType<typeof each>;

/** What the service says, in its words and in others. */
function answers<Config>(
  { yes, lies, answers: documented }: HttpRiskCheckUnderTest<Config>,
  { answered }: Tools,
  { it }: Runner,
): void {
  for (const [name, status, body, expected] of documented)
    it(`understands: ${name}`, async () => sameAs(await answered(status, body), expected));

  // Catches: a body that is read before its status, so that an error page lets everybody pass.
  for (const status of [500, 502, 503, 504, 529])
    it(`takes a ${status} for a failure, whatever its body says`, async () =>
      sameAs(await answered(status, yes), unknown('failed')));

  for (const [status, reason] of bareStatuses)
    it(`comes to no verdict by a bare ${status} page of HTML`, async () =>
      sameAs(await answered(status, '<html>go away</html>'), unknown(reason)));

  // Catches: `success` that is compared loosely, and a yes that is told by the status.
  it('believes no yes in another shape, and none with an error status', async () => {
    const verdicts = [await answered(400, yes), await answered(302, yes)];
    for (const lie of lies) verdicts.push(await answered(200, lie));
    const believed = verdicts.filter(({ verdict }) => verdict === 'allow');
    assert.deepEqual(believed, []);
  });

  for (const [name, body] of strangeBodies)
    it(`comes to no verdict by a 200 with ${name}`, async () =>
      sameAs(await answered(200, body), unknown('strange_answer')));
}

/** What goes wrong on the way. */
function troubles({ subject, ask, asked, answered }: Tools, { it }: Runner): void {
  for (const [name, behaviour, reason] of misbehaviours)
    it(`comes to no verdict when the service ${name}`, async () =>
      sameAs(await asked(behaviour), unknown(reason)));

  it('comes to no verdict in time when the service answers a byte now and then', async () =>
    sameAs(await asked({ kind: 'drip' }, TIMEOUT_MS), unknown('timeout')));

  it('comes to no verdict when nobody is there', async () => {
    await subject().emulator.stop();
    sameAs(await ask(), unknown('unreachable'));
  });

  it('follows no redirect', async () => {
    await answered(302, '', { location: `${subject().emulator.url}/elsewhere` });
    assert.equal(subject().emulator.requests.length, 1);
  });
}

/** What the service is told, and nobody else. */
function silence<Config>(
  { tellsNumber, secrets }: HttpRiskCheckUnderTest<Config>,
  { subject, ask }: Tools,
  { it }: Runner,
): void {
  it('tells the service what it needs to know, in the body and nowhere else', async () => {
    await ask();
    const { lastRequest } = subject().emulator;
    assert.doesNotMatch(exposed(lastRequest), /600987123|device-canary/);
    assert.equal(lastRequest.body.includes('34600987123'), tellsNumber);
  });

  it('shows neither number, answer nor credentials, whatever happens', async () => {
    const hidden = ['600987123', 'device-canary', ...secrets];
    for (const behaviour of echoes(hidden.join(' '))) {
      subject().emulator.behave(behaviour);
      const shown = await told(subject().check, subject().call());
      const seen = hidden.filter((value) => shown.includes(value));
      assert.deepEqual(seen, []);
    }
  });
}

function exposed({ path, headers }: SeenRequest): string {
  return `${path} ${JSON.stringify(headers)}`;
}

/** Answers that repeat what they were sent. */
function echoes(text: string): Behaviour[] {
  const bodies = [text, JSON.stringify({ success: false, 'error-codes': [text], code: text, verdict: text })];
  return [200, 400, 401, 422, 500].flatMap((status) =>
    bodies.map((body) => ({ kind: 'answer', status, body }) as const),
  );
}

/** The check itself, without what is around it. */
async function told(check: RiskCheck, call: RiskCall): Promise<string> {
  try {
    return JSON.stringify(await check.check(call, AbortSignal.timeout(PATIENT_MS)));
  } catch (error) {
    return `${String(error)} ${error instanceof Error ? `${error.stack} ${String(error.cause)}` : ''}`;
  }
}
