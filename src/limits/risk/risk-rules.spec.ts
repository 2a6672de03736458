import { challengeCheckOf, riskCheckProblems } from './risk-rules';
import { riskFields, type RiskCheckSetting } from './risk-settings.dto';

const available = [
  { name: 'turnstile', asksThePerson: true },
  { name: 'proof-of-work', asksThePerson: true },
  { name: 'sim-swap', asksThePerson: false },
];
const on = (check: string, when: RiskCheckSetting['when'] = 'always'): RiskCheckSetting => ({
  check,
  when,
  onUnavailable: 'closed',
});
const problems = (...checks: RiskCheckSetting[]) => riskCheckProblems(checks, available);

describe('the risk checks of an application', () => {
  it('are those that the server has settings for', () => {
    expect(riskCheckProblems(undefined, available)).toEqual([]);
    expect(problems(on('sim-swap'), on('turnstile', 'on_step_up'))).toEqual([]);
    expect(problems(on('hcaptcha'))).toEqual([
      {
        path: 'settings.riskChecks.0.check',
        message: 'This server has no settings for hcaptcha; it has proof-of-work, sim-swap, turnstile.',
      },
    ]);
    expect(riskCheckProblems([on('hcaptcha')], [])[0]?.message).toMatch(/it has none/);
  });

  // Catches: a create that would need two answers and carries one.
  it('ask the person once', () => {
    expect(problems(on('turnstile'), on('proof-of-work'))).toMatchObject([
      { path: 'settings.riskChecks.1.check' },
    ]);
  });

  it('wait for a step-up only where they can meet it', () => {
    expect(problems(on('sim-swap', 'on_step_up'))).toMatchObject([{ path: 'settings.riskChecks.0.when' }]);
  });

  it('tell by which of them a step-up is met', () => {
    expect(challengeCheckOf([on('sim-swap'), on('turnstile')], available)?.check).toBe('turnstile');
    expect(challengeCheckOf([on('sim-swap'), on('hcaptcha')], available)).toBeUndefined();
    expect(challengeCheckOf(undefined, available)).toBeUndefined();
  });

  it('are asked always and are closed, unless said otherwise', () => {
    expect(riskFields.riskChecks.parse([{ check: 'turnstile' }])).toEqual([on('turnstile')]);
  });

  it.each([
    [[{ check: 'turnstile' }, { check: 'turnstile', when: 'on_step_up' }]],
    [[{ check: 'Turnstile' }]],
    [[{ check: '__proto__' }]],
    [[{ check: 'http', when: 'sometimes' }]],
    [[{ check: 'http', onUnavailable: 'ajar' }]],
    [[{ check: 'http', url: 'https://evil.example' }]],
    [Array.from({ length: 6 }, (_, at) => ({ check: `check-${at}` }))],
  ])('are refused where they cannot be meant: %j', (checks) => {
    expect(riskFields.riskChecks.safeParse(checks).success).toBe(false);
  });
});
