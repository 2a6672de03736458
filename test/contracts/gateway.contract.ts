import { z } from 'zod';
import { UndiciHttpClient } from '../../src/common/outbound/http-client.service';
import { GuardedTcpConnector } from '../../src/common/outbound/tcp-connector.service';
import type { HttpClient } from '../../src/common/outbound/http-client';
import type { Channel } from '../../src/common/channel';
import { limitsContract, type LimitUnderTest } from './limits.contract';
import { sendersContract, twoSenders } from './senders.contract';
import { validityContract, type ValidityUnderTest } from './validity.contract';
import type { SmsMessage, SmsOutcome, Gateway, GatewayDefinition, GatewayTools } from '../../src/sms/gateway';
import { aMessage } from '../builders/message';
import { GatewayEmulator } from '../fakes/gateway-emulator';
import type { Behaviour, SeenRequest } from '../fakes/gateway-emulator';

/** Tools for a gateway that has no business with the sandbox or with receipts of its own connection. */
export function gatewayTools(http: HttpClient, more: Partial<GatewayTools> = {}): GatewayTools {
  return {
    http,
    tcp: new GuardedTcpConnector({ allowPrivate: true }),
    sandbox: { add: () => Promise.reject(new Error('not for this gateway')) },
    receive: () => Promise.reject(new Error('not for this gateway')),
    ...more,
  };
}

/** Anything that implements the port: what holds for all of them, fakes included. */
export interface SubjectUnderTest {
  readonly gateway: Gateway;
  /** From now on no call may come to an end by itself. */
  hang(): void;
  stop(): Promise<void>;
}

export function gatewayContract(start: () => Promise<SubjectUnderTest>): void {
  describe('as every Gateway', () => {
    let subject: SubjectUnderTest;
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(() => subject.stop());

    it('accepts a text', async () => {
      await expect(subject.gateway.send(aMessage(), AbortSignal.timeout(5_000))).resolves.toMatchObject({
        outcome: 'accepted',
      });
    });

    it('takes many texts at once', async () => {
      const calls = Array.from({ length: 20 }, () =>
        subject.gateway.send(aMessage(), AbortSignal.timeout(5_000)),
      );
      const outcomes = await Promise.all(calls);
      expect(outcomes.every(({ outcome }) => outcome === 'accepted')).toBe(true);
    });

    // Catches: a signal that nobody listens to: such a call ends by a limit of its own, after the one before, or never.
    it('ends when the signal aborts, and never as accepted', async () => {
      subject.hang();
      const giveUp = new AbortController();
      const ended: string[] = [];
      const before = subject.gateway
        .send(aMessage(), giveUp.signal)
        .catch(() => null)
        .finally(() => ended.push('the one before'));
      const { outcome } = await settle(subject.gateway, aMessage(), 150);
      expect(ended).toEqual([]);
      expect(outcome).not.toBe('accepted');
      giveUp.abort();
      await before;
    });
  });
}

/** One gateway over HTTP, and how its vendor speaks. */
export interface HttpGatewayUnderTest<Config> {
  readonly definition: GatewayDefinition<Config>;
  /** Settings as texts, as the environment gives them, with the gateway at `baseUrl`. */
  settings(baseUrl: string): Record<string, string>;
  /** Values among the settings that must never show. */
  readonly secrets: readonly string[];
  /** The vendor's answer to a text it took, and the reference in it. */
  readonly accepted: { readonly status: number; readonly body: object; readonly reference: string };
  /** The number as the vendor wants it, for +34600987123. */
  readonly number: string;
  /** Where the vendor finds the number in a request. */
  numberIn(request: SeenRequest): unknown;
  /** Every documented error: name, status, body, what it must become. */
  readonly errors: readonly (readonly [
    name: string,
    status: number,
    body: string | object,
    expected: SmsOutcome,
  ])[];
  /** How each channel of `definition.validity` that has a field tells the vendor. */
  readonly validity: ValidityUnderTest;
  /** What a channel needs besides its sender. */
  readonly channelSettings?: Readonly<Partial<Record<Channel, Readonly<Record<string, string>>>>>;
  /** Answers that ask to slow down, where the limit is not always that of the account. */
  readonly limits?: readonly LimitUnderTest[];
  /** What a 2xx whose body is not the vendor's becomes. */
  readonly strange2xx: SmsOutcome['outcome'];
  /** The same of one without a body, where it differs. */
  readonly empty2xx?: SmsOutcome['outcome'];
}

const SERVER_ERRORS = [500, 501, 502, 503, 504, 507, 529, 599];

/** Real sockets against an emulator that answers in the vendor's shapes, and misbehaves in every way. */
export function httpGatewayContract<Config>(gateway: HttpGatewayUnderTest<Config>): void {
  const { definition, accepted, strange2xx } = gateway;
  const start = async (more: Readonly<Record<string, string>> = {}) => {
    const emulator = await GatewayEmulator.start();
    emulator.answer(accepted.status, accepted.body);
    const http = new UndiciHttpClient({ allowPrivate: true });
    const config = definition.config.parse({ ...gateway.settings(emulator.url), ...more });
    const stop = async () => {
      await http.close();
      await emulator.stop();
    };
    const hang = () => emulator.behave({ kind: 'hang' });
    return { gateway: definition.create(config, gatewayTools(http)), config, emulator, stop, hang };
  };

  gatewayContract(() => start());

  describe('over real sockets', () => {
    let subject: Awaited<ReturnType<typeof start>>;
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(() => subject.stop());
    const send = (message = aMessage(), timeoutMs = 5_000) => settle(subject.gateway, message, timeoutMs);

    it('reads the reference of a text that was taken', async () => {
      expect(await send()).toMatchObject({ outcome: 'accepted', reference: accepted.reference });
    });

    it('sends the number in the form of the vendor, once', async () => {
      await send();
      expect(subject.emulator.requests).toHaveLength(1);
      expect(gateway.numberIn(subject.emulator.lastRequest)).toBe(gateway.number);
    });

    it('never puts the number or the code into the path or a header', async () => {
      await send();
      const { path, headers, method } = subject.emulator.lastRequest;
      const exposed = JSON.stringify(headers) + (method === 'GET' ? '' : path);
      expect(exposed).not.toMatch(/600987123|483920/);
    });

    it.each(gateway.errors)('maps this: %s', async (_name, status, body, expected) => {
      subject.emulator.answer(status, body);
      // Whose limit it is: see limitsContract.
      expect({ ...(await send()), limitOf: undefined }).toEqual(expected);
    });

    it.each([
      [429, { outcome: 'rejected', reason: 'rate-limited' }],
      [503, { outcome: 'unknown' }],
      [500, { outcome: 'unknown' }],
      [502, { outcome: 'unknown' }],
      [504, { outcome: 'unknown' }],
      [404, { outcome: 'rejected' }],
      [308, { outcome: 'rejected', reason: 'unavailable' }],
    ])('judges a bare %i page of HTML by its status', async (status, expected) => {
      subject.emulator.answer(status, '<html>go away</html>', { 'content-type': 'text/html' });
      expect(await send()).toMatchObject(expected);
    });

    // Catches: a table of the vendor's codes that is asked before the status.
    it('says unknown of every 5xx, whatever its body says', async () => {
      const bodies = [accepted.body, ...gateway.errors.map(([, , body]) => body)];
      const outcomes: SmsOutcome[] = [];
      for (const [at, body] of [...bodies, ...SERVER_ERRORS.map(() => accepted.body)].entries()) {
        subject.emulator.answer(SERVER_ERRORS[at % SERVER_ERRORS.length] ?? 500, body);
        outcomes.push(await send());
      }
      expect(outcomes.filter(({ outcome }) => outcome !== 'unknown')).toEqual([]);
    });

    it.each([
      ['HTML', '<html>fine</html>'],
      ['half an object', '{"id":'],
      ['nothing', ''],
      ['a list', '[]'],
      ['null', 'null'],
      ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ])('judges a 200 with %s as a strange answer', async (_name, body) => {
      subject.emulator.answer(200, body);
      const expected = body === '' ? (gateway.empty2xx ?? strange2xx) : strange2xx;
      expect(await send()).toMatchObject({ outcome: expected });
    });

    it.each<[string, Behaviour]>([
      ['resets the connection before reading', { kind: 'reset-before-read' }],
      ['resets the connection after reading', { kind: 'reset-after-read' }],
      ['answers with what is not HTTP', { kind: 'garbage' }],
      ['answers 10 MB', { kind: 'huge', bytes: 10_000_000 }],
    ])('says unknown when the gateway %s', async (_name, behaviour) => {
      subject.emulator.behave(behaviour);
      expect(await send()).toMatchObject({ outcome: 'unknown' });
    });

    it.each<Behaviour['kind'] & ('hang' | 'drip')>(['hang', 'drip'])(
      'ends at the signal and says unknown when the gateway does this: %s',
      async (kind) => {
        subject.emulator.behave({ kind });
        expect(await send(aMessage(), 150)).toEqual({ outcome: 'unknown' });
      },
    );

    it('knows that a gateway which cannot be reached took nothing', async () => {
      await subject.emulator.stop();
      expect(await send()).toEqual({ outcome: 'rejected', reason: 'unavailable' });
    });

    it('does not follow a redirect', async () => {
      subject.emulator.answer(302, '', { location: `${subject.emulator.url}/elsewhere` });
      expect(await send()).toMatchObject({ outcome: 'rejected', reason: 'unavailable' });
      expect(subject.emulator.requests).toHaveLength(1);
    });

    it('shows neither number, code nor credentials, whatever happens', async () => {
      const message = aMessage();
      const hidden = [message.code, message.to.slice(1), ...gateway.secrets];
      for (const behaviour of everyMisbehaviour(message)) {
        subject.emulator.behave(behaviour);
        const shown = await told(subject.gateway, message);
        expect(hidden.filter((value) => shown.includes(value))).toEqual([]);
      }
    });
  });

  const askedFor = async (message: Partial<SmsMessage>, settings: Readonly<Record<string, string>> = {}) => {
    const { gateway: subject, emulator, stop } = await start(settings);
    await settle(subject, aMessage(message), 5_000);
    await stop();
    return emulator.lastRequest;
  };
  validityContract(gateway, askedFor);
  sendersContract(gateway, askedFor);
  limitsContract(gateway, (channel) => twoSenders(gateway, channel), start);

  it('describes every setting, and refuses settings it does not know', () => {
    const shape =
      definition.config instanceof z.ZodObject ? (definition.config.shape as Record<string, z.ZodType>) : {};
    expect(Object.keys(shape)).not.toHaveLength(0);
    const settings = gateway.settings('http://127.0.0.1:1');
    expect(definition.config.safeParse(settings).success).toBe(true);
    expect(definition.config.safeParse({ ...settings, unknownSetting: 'x' }).success).toBe(false);
  });
}

/** An answer that repeats what it was sent is what an error text is usually made of. */
function everyMisbehaviour({ to, code }: SmsMessage): Behaviour[] {
  const echo = (status: number): Behaviour => ({
    kind: 'answer',
    status,
    body: JSON.stringify({ code: `bad ${to} ${code}`, message: `cannot send ${code} to ${to}`, error: to }),
  });
  return [400, 401, 404, 429, 500, 503]
    .map(echo)
    .concat(
      { kind: 'reset-after-read' },
      { kind: 'reset-before-read' },
      { kind: 'garbage' },
      { kind: 'hang' },
    );
}

async function told(gateway: Gateway, message: SmsMessage): Promise<string> {
  try {
    return JSON.stringify(await gateway.send(message, AbortSignal.timeout(200)));
  } catch (error) {
    return `${String(error)} ${error instanceof Error ? `${error.stack} ${String(error.cause)}` : ''}`;
  }
}

/** As `SmsService` does: a throw is `unknown`. */
async function settle(gateway: Gateway, message: SmsMessage, timeoutMs: number): Promise<SmsOutcome> {
  try {
    return await gateway.send(message, AbortSignal.timeout(timeoutMs));
  } catch {
    return { outcome: 'unknown' };
  }
}
