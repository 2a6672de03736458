import { checkTools } from '../../testing/contracts/risk-call';
import { solvePuzzle } from '../../../test/support/solve-puzzle';
import type { DomainError } from '../../common/errors';
import type { Passage, SendCall } from '../gate';
import { CALLS_AT_A_TIME } from './asking';
import type { RiskCall, RiskVerdict } from './check';
import { checks as builtIn } from './checks.generated';
import { configuredChecks, type ConfiguredChecks } from './configured-checks';
import { RiskGate } from './risk.gate';
import type { RiskCheckSetting } from './risk-settings.dto';

const aCall = (
  riskChecks: readonly RiskCheckSetting[] | undefined,
  change: Partial<SendCall> = {},
): SendCall => ({
  applicationId: 'app',
  purpose: 'login',
  kind: 'create',
  number: '+34600987123',
  country: 'ES',
  channel: 'sms',
  clientIp: '::ffff:203.0.113.7',
  deviceId: null,
  challenge: null,
  settings: riskChecks ? { riskChecks } : {},
  ...change,
});
const on = (check: string, change: Partial<RiskCheckSetting> = {}): RiskCheckSetting => ({
  check,
  when: 'always',
  onUnavailable: 'closed',
  ...change,
});

/** A gate whose checks say what they are told, and remember what they were asked. */
function aGate(
  says: Record<string, RiskVerdict | (() => Promise<RiskVerdict>)>,
  asking: readonly string[] = [],
) {
  const asked: [string, RiskCall][] = [];
  const checks = new Map(
    Object.entries(says).map(([name, verdict]) => {
      const asksThePerson = asking.includes(name);
      const check = {
        check: async (call: RiskCall) => {
          asked.push([name, call]);
          return typeof verdict === 'function' ? verdict() : verdict;
        },
        ...(asksThePerson ? { challenge: () => ({ siteKey: `of ${name}` }) } : {}),
      };
      return [name, { name, asksThePerson, check }] as const;
    }),
  );
  return { gate: new RiskGate(checks), asked };
}

const answerOf = ({ refusal }: Passage) =>
  refusal && { code: refusal.code, ...refusal.details, detail: undefined };
const allow: RiskVerdict = { verdict: 'allow' };
const stepUp: RiskVerdict = { verdict: 'step_up', reason: 'asked' };
const noAnswer: RiskVerdict = { verdict: 'step_up', reason: 'no_answer' };

describe('the risk gate', () => {
  afterEach(() => jest.useRealTimers());

  it('asks nobody where an application wants no checks, nor for sends of a pending verification', () => {
    const { gate, asked } = aGate({ http: { verdict: 'deny', reason: 'denied' } });
    // Not even a promise: this is on the way of every create.
    expect(gate.enter(aCall(undefined))).toEqual({ decisions: [], refusal: null });
    expect(gate.enter(aCall([]))).toEqual({ decisions: [], refusal: null });
    expect(gate.enter(aCall([on('http')], { kind: 'resend' }))).toEqual({ decisions: [], refusal: null });
    expect(gate.preview(aCall(undefined))).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('hands the answer only to the check that asks the person, and a canonical address to all', async () => {
    const { gate, asked } = aGate({ http: allow, turnstile: allow }, ['turnstile']);
    const passage = await gate.enter(aCall([on('http'), on('turnstile')], { challenge: 'token' }));
    expect(passage.refusal).toBeNull();
    expect(asked.map(([name, { answer, clientIp }]) => [name, answer, clientIp])).toEqual([
      ['http', null, '203.0.113.7'],
      ['turnstile', 'token', '203.0.113.7'],
    ]);
  });

  it('answers a challenge that is missing with what a client needs to show it', async () => {
    const { gate } = aGate({ turnstile: noAnswer }, ['turnstile']);
    expect(answerOf(await gate.enter(aCall([on('turnstile')])))).toEqual({
      code: 'challenge_required',
      reason: 'no_answer',
      challenge: { check: 'turnstile', siteKey: 'of turnstile' },
    });
  });

  it('asks for a challenge when another check or another gate wants it, and not before', async () => {
    const checks = [on('http'), on('turnstile', { when: 'on_step_up' })];
    const wanted = aGate({ http: stepUp, turnstile: noAnswer }, ['turnstile']);
    expect(answerOf(await wanted.gate.enter(aCall(checks)))).toMatchObject({ code: 'challenge_required' });
    const calm = aGate({ http: allow, turnstile: noAnswer }, ['turnstile']);
    expect(answerOf(await calm.gate.enter(aCall(checks)))).toBeNull();
    const pumped = await calm.gate.enter(aCall(checks.slice(1), { needsChallenge: true }));
    expect(answerOf(pumped)).toMatchObject({ code: 'challenge_required' });
  });

  it('does not have an answer verified that nobody can want', async () => {
    const { gate, asked } = aGate({ turnstile: allow }, ['turnstile']);
    await gate.enter(aCall([on('turnstile', { when: 'on_step_up' })], { challenge: 'token' }));
    expect(asked).toEqual([]);
  });

  it('refuses without telling which check it was', async () => {
    const { gate } = aGate({ 'sim-swap': { verdict: 'deny', reason: 'swapped' } });
    const passage = await gate.enter(aCall([on('sim-swap')]));
    expect(answerOf(passage)).toEqual({ code: 'number_blocked' });
    expect(JSON.stringify(passage.refusal)).not.toMatch(/swap/);
    expect(passage.decisions).toMatchObject([
      { rule: 'risk.sim-swap', outcome: 'refused', because: 'swapped' },
    ]);
  });

  it('refuses a step-up that another gate wants and this application cannot offer', async () => {
    const { gate } = aGate({});
    const passage = await gate.enter(aCall(undefined, { needsChallenge: true }));
    expect(answerOf(passage)).toEqual({ code: 'number_blocked' });
    expect(passage.decisions).toMatchObject([{ rule: 'risk.challenge', because: 'not_configured' }]);
  });

  // Catches: a check that the operator took away and whose absence opens the door.
  it('is not open because the server lost a check', async () => {
    const { gate } = aGate({});
    expect(answerOf(await gate.enter(aCall([on('turnstile')])))).toMatchObject({ code: 'unavailable' });
    expect(answerOf(await gate.enter(aCall([on('turnstile', { onUnavailable: 'open' })])))).toBeNull();
    expect(answerOf(await gate.enter(aCall([on('turnstile', { when: 'on_step_up' })])))).toBeNull();
  });

  it.each<[string, () => Promise<RiskVerdict>]>([
    ['rejects', () => Promise.reject(new Error('number +34600987123'))],
    [
      'throws',
      () => {
        throw new Error('number +34600987123');
      },
    ],
  ])('goes on with a check that %s, and repeats nothing of its error', async (_name, check) => {
    const { gate } = aGate({ http: check });
    const passage = await gate.enter(aCall([on('http')]));
    expect(answerOf(passage)).toMatchObject({ code: 'unavailable' });
    expect(JSON.stringify([passage, String(passage.refusal)])).not.toContain('600987123');
  });

  // Catches: checks that are asked one after the other, and a check that ignores its signal.
  it('waits for the slowest check and no longer than two seconds and a bit', async () => {
    jest.useFakeTimers();
    const never = () => new Promise<RiskVerdict>(() => undefined);
    const { gate } = aGate({ a: never, b: never, c: never });
    const entered = Promise.resolve(
      gate.enter(aCall([on('a'), on('b'), on('c', { onUnavailable: 'open' })])),
    );
    const done = jest.fn((passage: Passage) => passage.decisions);
    void entered.then(done);
    await jest.advanceTimersByTimeAsync(2_100);
    expect(done.mock.lastCall?.[0].decisions.map(({ outcome, because }) => [outcome, because])).toEqual([
      ['refused', 'timeout'],
      ['refused', 'timeout'],
      ['skipped', 'timeout'],
    ]);
  });

  // Catches: memory and sockets that a service which never answers takes without bound.
  it('asks a check no more often at a time than its bound, and lets nobody pass beyond', async () => {
    let open = (): void => undefined;
    const gate = new Promise<RiskVerdict>((resolve) => (open = () => resolve(allow)));
    const { gate: risk, asked } = aGate({ http: () => gate });
    const setting = [on('http', { onUnavailable: 'open' })];
    const calls = Array.from({ length: CALLS_AT_A_TIME + 10 }, async () => risk.enter(aCall(setting)));
    const beyond = await Promise.all(calls.slice(CALLS_AT_A_TIME));
    expect(beyond.map((passage) => passage.refusal?.code)).toEqual(Array(10).fill('unavailable'));
    expect(asked).toHaveLength(CALLS_AT_A_TIME);
    open();
    expect(
      (await Promise.all(calls.slice(0, CALLS_AT_A_TIME))).every(({ refusal }) => refusal === null),
    ).toBe(true);
    expect((await risk.enter(aCall(setting))).refusal).toBeNull();
  });

  it('tells other gates whether a step-up could be met', () => {
    const { gate } = aGate({ http: allow, turnstile: allow }, ['turnstile']);
    const waiting = [on('http'), on('turnstile', { when: 'on_step_up' })];
    expect(gate.canChallenge(aCall(waiting))).toBe(true);
    expect(gate.canChallenge(aCall(waiting, { kind: 'resend' }))).toBe(false);
    expect(gate.canChallenge(aCall([on('http'), on('hcaptcha')]))).toBe(false);
    expect(gate.canChallenge(aCall(undefined))).toBe(false);
  });

  it('previews without asking anybody', () => {
    const { gate, asked } = aGate({ http: allow, turnstile: allow }, ['turnstile']);
    const said = gate.preview(aCall([on('http'), on('turnstile')]));
    expect(said.map(({ rule, outcome, because }) => [rule, outcome, because])).toEqual([
      ['risk.http', 'skipped', 'not_asked'],
      ['risk.turnstile', 'challenged', 'no_answer'],
    ]);
    expect(asked).toEqual([]);
  });
});

describe('the checks of this build', () => {
  it('are there where the server has settings for them, and work together', async () => {
    const checks: ConfiguredChecks = configuredChecks(
      builtIn,
      { 'proof-of-work': { difficulty: 8, maxDifficulty: 8, calmPerMinute: 300, lifeSeconds: 300 } },
      checkTools(),
    );
    expect([...checks.keys()]).toEqual(['proof-of-work']);
    const gate = new RiskGate(checks);
    const asked = await gate.enter(aCall([on('proof-of-work')]));
    const challenge = (asked.refusal as DomainError).details.challenge ?? {};
    const passage = await gate.enter(aCall([on('proof-of-work')], { challenge: solvePuzzle(challenge) }));
    expect(passage.refusal).toBeNull();
  });
});
