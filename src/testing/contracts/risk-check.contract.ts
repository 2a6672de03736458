import { strict as assert } from 'node:assert';
import { riskCheckVariables } from '../../../config/risk-check-env';
import { BoundedCheck } from '../../limits/risk/asking';
import type { RiskCall, RiskCheck, RiskCheckDefinition } from '../../limits/risk/check';
import { has, sameAs } from '../assertions';
import { currentRunner, type Runner } from '../runner';

/** For what answers: long, so that a busy machine is not taken for a slow service. */
export const PATIENT_MS = 5_000;
/** For what does not. */
export const TIMEOUT_MS = 150;

/** A check that says yes to `call`, until it is told otherwise. */
export interface RiskCheckUnderTest {
  /** What it is made by. */
  readonly definition: Pick<RiskCheckDefinition, 'asksThePerson' | 'config' | 'name'>;
  /** With its settings. */
  readonly check: RiskCheck;
  /** A fresh one each time: answers are used once. */
  call(): RiskCall;
  /** From now on whatever it relies on is silent. */
  hang(): void;
  /** Ends what it relies on. */
  stop(): Promise<void>;
}

/** What holds for every check, asked as the gate asks it. */
export function riskCheckContract(
  start: () => Promise<RiskCheckUnderTest>,
  runner: Runner = currentRunner(),
): void {
  const { describe, beforeEach, afterEach } = runner;
  describe('as every risk check', () => {
    let current: RiskCheckUnderTest | null = null;
    const subject = (): RiskCheckUnderTest => {
      if (!current) throw new Error('inside tests only');
      return current;
    };
    beforeEach(async () => {
      current = await start();
    });
    afterEach(() => subject().stop());
    verdicts(subject, runner);
    challenges(subject, runner);
    settings(subject, runner);
  });
}

type Subject = () => RiskCheckUnderTest;

const ask = ({ check }: RiskCheckUnderTest, call: RiskCall, timeoutMs = PATIENT_MS) =>
  new BoundedCheck(check, timeoutMs).ask(call);

function verdicts(subject: Subject, { it }: Runner): void {
  it('lets somebody pass', async () => {
    sameAs(await ask(subject(), subject().call()), { verdict: 'allow' });
  });

  it('is asked many times at once', async () => {
    const calls = Array.from({ length: 20 }, () => subject().call());
    const bounded = new BoundedCheck(subject().check, PATIENT_MS);
    const given = await Promise.all(calls.map((call) => bounded.ask(call)));
    const others = given.filter(({ verdict }) => verdict !== 'allow');
    assert.deepEqual(others, []);
  });

  // Catches: a service that is slow, and a person who waits for it.
  it('comes to no verdict in time when nothing answers', async () => {
    const call = subject().call();
    subject().hang();
    // What would wait for the service would wait for ever.
    sameAs(await ask(subject(), call, TIMEOUT_MS), { verdict: 'unknown', reason: 'timeout' });
  });
}

function challenges(subject: Subject, { it }: Runner): void {
  it('has a challenge exactly if it asks the person, and wants an answer to it', async () => {
    const { asksThePerson } = subject().definition;
    assert.equal(subject().check.challenge !== undefined, asksThePerson);
    if (!asksThePerson) return;
    const answered = (answer: string | null) => ask(subject(), { ...subject().call(), answer });
    sameAs(await answered(null), { verdict: 'step_up', reason: 'no_answer' });
    for (const answer of ['', ' ', '\u0000', "'; --", '<script>', 'x'.repeat(8_193)])
      has(await answered(answer), { verdict: 'step_up' });
  });

  it('offers a challenge that is text and numbers, and tells nothing of the call', () => {
    const call = subject().call();
    const offer = subject().check.challenge?.(call) ?? {};
    for (const value of Object.values(offer)) assert.ok(['string', 'number'].includes(typeof value));
    const shown = JSON.stringify(offer);
    const told = [call.number.slice(-8), call.deviceId, call.clientIp].filter(
      (value) => value && shown.includes(value),
    );
    assert.deepEqual(told, []);
  });
}

function settings(subject: Subject, { it }: Runner): void {
  it('describes every setting, marks credentials, and refuses settings that it does not know', () => {
    const { definition } = subject();
    for (const { name, description, secret } of riskCheckVariables(definition)) {
      assert.notEqual(description, '', name);
      if (/SECRET|TOKEN$|PASSWORD/.test(name)) assert.equal(secret, true, name);
    }
    const { error } = definition.config.safeParse({ unheardOf: 'x' });
    assert.ok(error?.issues.some(({ code }) => code === 'unrecognized_keys'));
  });
}
