import { riskCheckVariables } from '../../config/risk-check-env';
import { UndiciHttpClient } from '../../src/common/outbound/http-client.service';
import { BoundedCheck } from '../../src/limits/risk/asking';
import type { RiskCall, RiskCheck, RiskCheckDefinition, RiskVerdict } from '../../src/limits/risk/check';
import { aRiskCall, checkTools } from '../builders/risk-call';
import { GatewayEmulator, type Behaviour, type SeenRequest } from '../../src/testing/fakes/gateway-emulator';

/** For what answers: long, so that a busy machine is not taken for a slow service. */
const PATIENT_MS = 5_000;
/** For what does not. */
const TIMEOUT_MS = 150;

/** A check that says yes to `call`, until it is told otherwise. */
export interface RiskCheckUnderTest {
  readonly definition: Pick<RiskCheckDefinition, 'asksThePerson' | 'config' | 'name'>;
  readonly check: RiskCheck;
  /** A fresh one each time: answers are used once. */
  call(): RiskCall;
  /** From now on whatever it relies on is silent. */
  hang(): void;
  stop(): Promise<void>;
}

/** What holds for every check, asked as the gate asks it. */
export function riskCheckContract(start: () => Promise<RiskCheckUnderTest>): void {
  describe('as every risk check', () => {
    let subject: RiskCheckUnderTest;
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(() => subject.stop());
    const ask = (call = subject.call(), timeoutMs = PATIENT_MS) =>
      new BoundedCheck(subject.check, timeoutMs).ask(call);

    it('lets somebody pass', async () => {
      expect(await ask()).toEqual({ verdict: 'allow' });
    });

    it('is asked many times at once', async () => {
      const calls = Array.from({ length: 20 }, () => subject.call());
      const bounded = new BoundedCheck(subject.check, PATIENT_MS);
      const verdicts = await Promise.all(calls.map((call) => bounded.ask(call)));
      expect(verdicts.filter(({ verdict }) => verdict !== 'allow')).toEqual([]);
    });

    // Catches: a service that is slow, and a person who waits for it.
    it('comes to no verdict in time when nothing answers', async () => {
      const call = subject.call();
      subject.hang();
      // What would wait for the service would wait for ever.
      expect(await ask(call, TIMEOUT_MS)).toEqual({ verdict: 'unknown', reason: 'timeout' });
    });

    it('has a challenge exactly if it asks the person, and wants an answer to it', async () => {
      const { asksThePerson } = subject.definition;
      expect(subject.check.challenge !== undefined).toBe(asksThePerson);
      if (!asksThePerson) return;
      expect(await ask({ ...subject.call(), answer: null })).toEqual({
        verdict: 'step_up',
        reason: 'no_answer',
      });
      for (const answer of ['', ' ', '\u0000', "'; --", '<script>', 'x'.repeat(8_193)])
        expect(await ask({ ...subject.call(), answer })).toMatchObject({ verdict: 'step_up' });
    });

    it('offers a challenge that is text and numbers, and tells nothing of the call', () => {
      const offer = subject.check.challenge?.(subject.call()) ?? {};
      for (const value of Object.values(offer)) expect(['string', 'number']).toContain(typeof value);
      expect(JSON.stringify(offer)).not.toMatch(/600987123|device-canary|203\.0\.113/);
    });

    it('describes every setting, marks credentials, and refuses settings that it does not know', () => {
      for (const { name, description, secret } of riskCheckVariables(subject.definition)) {
        expect([name, description]).not.toContain('');
        if (/SECRET|TOKEN$|PASSWORD/.test(name)) expect([name, secret]).toEqual([name, true]);
      }
      const { error } = subject.definition.config.safeParse({ unheardOf: 'x' });
      expect(error?.issues.map(({ code }) => code)).toContain('unrecognized_keys');
    });
  });
}

/** One check that asks a service over HTTP, and how that service speaks. */
export interface HttpCheckUnderTest<Config> {
  readonly definition: RiskCheckDefinition<Config>;
  /** Settings as texts, as the environment gives them, with the service at `baseUrl`. */
  settings(baseUrl: string): Record<string, string>;
  /** Values that must never show: credentials, and the answer of the person. */
  readonly secrets: readonly string[];
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

const unknown = (reason: string) => ({ verdict: 'unknown', reason });

/** Real sockets against a service that answers as documented, and misbehaves in every way. */
export function httpRiskCheckContract<Config>(service: HttpCheckUnderTest<Config>): void {
  const { definition, yes } = service;
  const start = async () => {
    const emulator = await GatewayEmulator.start();
    emulator.answer(200, yes);
    const http = new UndiciHttpClient({ allowPrivate: true });
    const check = definition.create(
      definition.config.parse(service.settings(emulator.url)),
      checkTools({ http }),
    );
    return {
      definition: definition as RiskCheckDefinition,
      check,
      emulator,
      call: () => aRiskCall({ answer: service.answer }),
      hang: () => emulator.behave({ kind: 'hang' }),
      stop: async () => {
        await http.close();
        await emulator.stop();
      },
    };
  };

  riskCheckContract(start);

  describe('over real sockets', () => {
    let subject: Awaited<ReturnType<typeof start>>;
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(() => subject.stop());
    const ask = (timeoutMs = PATIENT_MS) => new BoundedCheck(subject.check, timeoutMs).ask(subject.call());
    const asked = async (behaviour: Behaviour, timeoutMs?: number) => {
      subject.emulator.behave(behaviour);
      return ask(timeoutMs);
    };
    const answered = (status: number, body: string | Buffer | object, headers = {}) => {
      const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
      return asked({ kind: 'answer', status, body: raw, headers });
    };

    it.each(service.answers)('understands: %s', async (_name, status, body, expected) => {
      expect(await answered(status, body)).toEqual(expected);
    });

    // Catches: a body that is read before its status, so that an error page lets everybody pass.
    it.each([500, 502, 503, 504, 529])('takes a %i for a failure, whatever its body says', async (status) => {
      expect(await answered(status, yes)).toEqual(unknown('failed'));
    });

    it.each([
      [401, 'unauthorized'],
      [429, 'rate_limited'],
      [302, 'strange_answer'],
      [400, 'strange_answer'],
      [403, 'strange_answer'],
      [404, 'strange_answer'],
    ])('comes to no verdict by a bare %i page of HTML', async (status, reason) => {
      expect(await answered(status, '<html>go away</html>')).toEqual(unknown(reason));
    });

    // Catches: `success` that is compared loosely, and a yes that is told by the status.
    it('believes no yes in another shape, and none with an error status', async () => {
      const verdicts = [await answered(400, yes), await answered(302, yes)];
      for (const lie of service.lies) verdicts.push(await answered(200, lie));
      expect(verdicts.filter(({ verdict }) => verdict === 'allow')).toEqual([]);
    });

    it.each([
      ['HTML', '<html>fine</html>'],
      ['half an object', '{"success":true'],
      ['nothing', ''],
      ['a list', '[true]'],
      ['a bare yes', 'true'],
      ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ])('comes to no verdict by a 200 with %s', async (_name, body) => {
      expect(await answered(200, body)).toEqual(unknown('strange_answer'));
    });

    it.each<[string, Behaviour, string]>([
      ['resets the connection before reading', { kind: 'reset-before-read' }, 'unreachable'],
      ['resets the connection after reading', { kind: 'reset-after-read' }, 'unreachable'],
      ['answers with what is not HTTP', { kind: 'garbage' }, 'unreachable'],
      ['answers 10 MB', { kind: 'huge', bytes: 10_000_000 }, 'strange_answer'],
    ])('comes to no verdict when the service %s', async (_name, behaviour, reason) => {
      expect(await asked(behaviour)).toEqual(unknown(reason));
    });

    it('comes to no verdict in time when the service answers a byte now and then', async () => {
      expect(await asked({ kind: 'drip' }, TIMEOUT_MS)).toEqual(unknown('timeout'));
    });

    it('comes to no verdict when nobody is there', async () => {
      await subject.emulator.stop();
      expect(await ask()).toEqual(unknown('unreachable'));
    });

    it('follows no redirect', async () => {
      await answered(302, '', { location: `${subject.emulator.url}/elsewhere` });
      expect(subject.emulator.requests).toHaveLength(1);
    });

    it('tells the service what it needs to know, in the body and nowhere else', async () => {
      await ask();
      expect(exposed(subject.emulator.lastRequest)).not.toMatch(/600987123|device-canary/);
      expect(subject.emulator.lastRequest.body.includes('34600987123')).toBe(service.tellsNumber);
    });

    it('shows neither number, answer nor credentials, whatever happens', async () => {
      const hidden = ['600987123', 'device-canary', ...service.secrets];
      for (const behaviour of echoes(hidden.join(' '))) {
        subject.emulator.behave(behaviour);
        const shown = await told(subject.check, subject.call());
        expect(hidden.filter((value) => shown.includes(value))).toEqual([]);
      }
    });
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
