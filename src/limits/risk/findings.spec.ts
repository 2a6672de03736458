import fc from 'fast-check';
import { denyReasons, stepUpReasons, unknownReasons, type RiskVerdict } from './check';
import { decisionsOf, foreseen, weigh, type Finding, type RiskOutcome } from './findings';
import { riskNote } from './risk-note';

const allow: RiskVerdict = { verdict: 'allow' };
const deny: RiskVerdict = { verdict: 'deny', reason: 'swapped' };
const asked: RiskVerdict = { verdict: 'step_up', reason: 'asked' };
const wrong: RiskVerdict = { verdict: 'step_up', reason: 'wrong_answer' };
const late: RiskVerdict = { verdict: 'unknown', reason: 'timeout' };
const busy: RiskVerdict = { verdict: 'unknown', reason: 'busy' };
const limited: RiskVerdict = { verdict: 'unknown', reason: 'rate_limited' };

const signal = (verdict: RiskVerdict, onUnavailable: 'open' | 'closed' = 'closed'): Finding => ({
  check: 'http',
  when: 'always',
  onUnavailable,
  asksThePerson: false,
  verdict,
});
const captcha = (verdict: RiskVerdict, change: Partial<Finding> = {}): Finding => ({
  ...signal(verdict),
  check: 'turnstile',
  asksThePerson: true,
  ...change,
});
const waiting = { when: 'on_step_up' } as const;
const open = { onUnavailable: 'open' } as const;

describe('what the verdicts come to', () => {
  it.each<[string, Finding[], RiskOutcome]>([
    ['no check', [], 'passed'],
    ['a yes', [signal(allow)], 'passed'],
    ['a no', [signal(deny)], 'denied'],
    ['a no beside an answer that is right', [captcha(allow), signal(deny)], 'denied'],
    ['a no beside an answer that is wrong', [captcha(wrong), signal(deny)], 'denied'],
    ['an answer that is right', [captcha(allow)], 'passed'],
    ['an answer that is wrong', [captcha(wrong)], 'challenge'],
    ['a step-up that is met', [signal(asked), captcha(allow, waiting)], 'passed'],
    ['a step-up that is not met', [signal(asked), captcha(wrong, waiting)], 'challenge'],
    ['a step-up that nobody can meet', [signal(asked)], 'denied'],
    ['a wrong answer that nobody wants', [signal(allow), captcha(wrong, waiting)], 'passed'],
    ['an outage nobody cares for', [signal(allow), captcha(late, waiting)], 'passed'],
    ['an outage, closed', [signal(late)], 'unavailable'],
    ['an outage, open', [signal(late, 'open')], 'passed'],
    ['an outage of the challenge, closed', [captcha(late)], 'unavailable'],
    ['an outage of the challenge, open', [captcha(late, open)], 'passed'],
    [
      'a step-up and an outage of the challenge, open',
      [signal(asked), captcha(late, { ...waiting, ...open })],
      'passed',
    ],
    ['a no and an outage', [signal(deny), captcha(late)], 'denied'],
    // Catches: a flood by which anybody switches a check off that is open in an outage.
    ['too many calls at once, open', [captcha(busy, open)], 'unavailable'],
    ['a service that wants fewer calls, open', [signal(limited, 'open')], 'unavailable'],
  ])('%s', (_name, findings, outcome) => {
    expect(weigh(findings, false).outcome).toBe(outcome);
  });

  it.each<[string, Finding[], RiskOutcome]>([
    ['and no challenge', [], 'denied'],
    ['and no challenge among the checks', [signal(allow)], 'denied'],
    ['and an answer that is right', [captcha(allow, waiting)], 'passed'],
    ['and an answer that is wrong', [captcha(wrong, waiting)], 'challenge'],
  ])('somebody else wants a step-up, %s', (_name, findings, outcome) => {
    expect(weigh(findings, true).outcome).toBe(outcome);
  });

  const verdict = fc.oneof(
    fc.constant(allow),
    fc.constantFrom(...denyReasons).map((reason): RiskVerdict => ({ verdict: 'deny', reason })),
    fc.constantFrom(...stepUpReasons).map((reason): RiskVerdict => ({ verdict: 'step_up', reason })),
    fc.constantFrom(...unknownReasons).map((reason): RiskVerdict => ({ verdict: 'unknown', reason })),
  );
  const finding = (asksThePerson: boolean): fc.Arbitrary<Finding> =>
    fc.record({
      check: fc.constantFrom('http', 'sim-swap'),
      when: asksThePerson ? fc.constantFrom('always', 'on_step_up') : fc.constant('always'),
      onUnavailable: fc.constantFrom('open', 'closed'),
      asksThePerson: fc.constant(asksThePerson),
      verdict,
    });
  const findings = fc
    .tuple(fc.array(finding(false), { maxLength: 4 }), fc.option(finding(true)))
    .map(([signals, challenge]) => (challenge ? [challenge, ...signals] : signals));

  // Catches: every way in which a no, a wanted challenge or a closed outage could be forgotten.
  it('passes only where no check stands against it', () => {
    fc.assert(
      fc.property(findings, fc.boolean(), (all, needsChallenge) => {
        const { outcome } = weigh(all, needsChallenge);
        const isWanted =
          needsChallenge || all.some((one) => !one.asksThePerson && one.verdict.verdict === 'step_up');
        const challenge = all.find(({ asksThePerson }) => asksThePerson);
        const isMet = ({ verdict: said, onUnavailable }: Finding) =>
          said.verdict === 'allow' ||
          (said.verdict === 'unknown' &&
            onUnavailable === 'open' &&
            !['busy', 'rate_limited'].includes(said.reason));
        const due = challenge !== undefined && (isWanted || challenge.when === 'always');
        const against = [
          ...all.filter((one) => !one.asksThePerson && one.verdict.verdict !== 'step_up' && !isMet(one)),
          ...(due && !isMet(challenge) ? [challenge] : []),
        ];
        expect(outcome === 'passed').toBe(against.length === 0 && (!isWanted || challenge !== undefined));
      }),
    );
  });

  it('explains each refusal, and nothing but refusals', () => {
    fc.assert(
      fc.property(findings, fc.boolean(), (all, needsChallenge) => {
        const weighed = weigh(all, needsChallenge);
        const against = decisionsOf(weighed).filter(
          ({ outcome }) => outcome === 'refused' || outcome === 'challenged',
        );
        expect(against.length > 0).toBe(weighed.outcome !== 'passed');
        expect(decisionsOf(weighed).length).toBeGreaterThanOrEqual(all.length);
      }),
    );
  });
});

describe('what is told of verdicts', () => {
  const told = (findings: Finding[], needsChallenge = false) =>
    riskNote(decisionsOf(weigh(findings, needsChallenge)));

  it('is a line of vocabulary', () => {
    expect(told([])).toBeUndefined();
    expect(told([captcha(allow)])).toBe('turnstile:allowed');
    expect(told([signal(asked), captcha(wrong, waiting)])).toBe(
      'http:challenged:asked,turnstile:challenged:wrong_answer',
    );
    expect(told([signal(late, 'open'), captcha(wrong, waiting)])).toBe(
      'http:skipped:timeout,turnstile:skipped:not_wanted',
    );
    expect(told([signal(allow)], true)).toBe('http:allowed,challenge:refused:not_configured');
  });

  it('is foreseen without asking', () => {
    const known = (one: Finding, isConfigured = true) => ({
      setting: one,
      asksThePerson: one.asksThePerson,
      isConfigured,
    });
    const seen = (checks: ReturnType<typeof known>[], hasAnswer: boolean, needsChallenge = false) =>
      riskNote(foreseen(checks, hasAnswer, needsChallenge));
    const both = [known(signal(allow)), known(captcha(allow, waiting))];
    expect(seen(both, false)).toBe('http:skipped:not_asked,turnstile:skipped:not_asked');
    expect(seen(both, false, true)).toBe('http:skipped:not_asked,turnstile:challenged:no_answer');
    expect(seen([known(captcha(allow))], false)).toBe('turnstile:challenged:no_answer');
    expect(seen([known(captcha(allow))], true)).toBe('turnstile:skipped:not_asked');
    expect(seen([known(captcha(allow), false)], true)).toBe('turnstile:refused:not_configured');
    expect(seen([known(captcha(allow, open), false)], true)).toBe('turnstile:skipped:not_configured');
    expect(seen([known(captcha(allow, waiting), false)], true)).toBe('turnstile:skipped:not_asked');
    expect(seen([], false, true)).toBe('challenge:refused:not_configured');
  });
});
