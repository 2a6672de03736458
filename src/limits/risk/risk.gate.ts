import { Inject, Injectable } from '@nestjs/common';
import { DomainError, unavailable } from '../../common/errors';
import { fullClientIp } from '../client-ip';
import type { Gate, Passage, RuleDecision, SendCall } from '../gate';
import { BoundedCheck } from './asking';
import type { RiskCall } from './check';
import { ConfiguredChecks, type ConfiguredCheck } from './configured-checks';
import { readOffer } from './verdict';
import { challengeCheckOf } from './risk-rules';
import { decisionsOf, foreseen, weigh, type Finding, type KnownCheck, type RiskOutcome } from './findings';

const NO_ANSWER = 'A check that has to be made before a code is sent gave no answer. Try again.';
const PASSED: Passage = { decisions: [], refusal: null };

/**
 * Asks the application's risk checks, all at once, before a verification is created. What a check learned stays used:
 * there is nothing to undo. Sends of a pending verification pass: their person was asked at the create.
 */
@Injectable()
export class RiskGate implements Gate {
  private readonly bounded: ReadonlyMap<string, BoundedCheck>;

  constructor(@Inject(ConfiguredChecks) private readonly checks: ConfiguredChecks) {
    this.bounded = new Map(Array.from(checks.values(), ({ name, check }) => [name, new BoundedCheck(check)]));
  }

  /** What depends on nothing but the call: whether an answer is right, only the check can say, and it may be paid. */
  preview(call: SendCall): readonly RuleDecision[] {
    if (!isAsked(call)) return [];
    return foreseen(this.known(call), call.challenge !== null, call.needsChallenge === true);
  }

  /** Whether this send could meet a step-up: for gates that would rather have one than refuse. */
  canChallenge({ kind, settings }: Pick<SendCall, 'kind' | 'settings'>): boolean {
    return (
      kind === 'create' && challengeCheckOf(settings.riskChecks, [...this.checks.values()]) !== undefined
    );
  }

  enter(call: SendCall): Passage | Promise<Passage> {
    return isAsked(call) ? this.ask(call) : PASSED;
  }

  private async ask(call: SendCall): Promise<Passage> {
    const findings = await Promise.all(this.due(call).map((one) => this.finding(one, call)));
    const weighed = weigh(findings, call.needsChallenge === true);
    const decisions = decisionsOf(weighed);
    return { decisions, refusal: this.refusalOf(weighed.outcome, findings, call) };
  }

  /** A challenge that nobody can come to want is not verified: that may cost money. */
  private due(call: SendCall): KnownCheck[] {
    const known = this.known(call);
    const mayStepUp = call.needsChallenge === true || known.some(({ asksThePerson }) => !asksThePerson);
    return known.filter(({ setting }) => setting.when === 'always' || mayStepUp);
  }

  private known({ settings }: SendCall): KnownCheck[] {
    return (settings.riskChecks ?? []).map((setting) => {
      const configured = this.checks.get(setting.check);
      // One that is gone was a challenge if it waited for a step-up: no other may.
      const asksThePerson = configured?.asksThePerson ?? setting.when === 'on_step_up';
      return { setting, asksThePerson, isConfigured: configured !== undefined };
    });
  }

  private async finding({ setting, asksThePerson }: KnownCheck, call: SendCall): Promise<Finding> {
    const asking = this.bounded.get(setting.check)?.ask(riskCall(call, asksThePerson));
    // An application that relies on a check is not told that all is well because the server lost it.
    const verdict = (await asking) ?? ({ verdict: 'unknown', reason: 'not_configured' } as const);
    return { ...setting, asksThePerson, verdict };
  }

  private refusalOf(outcome: RiskOutcome, findings: readonly Finding[], call: SendCall): DomainError | null {
    if (outcome === 'passed') return null;
    if (outcome === 'unavailable') return unavailable(NO_ANSWER);
    const asking = findings.find(({ asksThePerson }) => asksThePerson);
    const configured = asking && this.checks.get(asking.check);
    if (outcome === 'denied' || !asking || !configured)
      return new DomainError('number_blocked', { detail: 'No code is sent to this number now.' });
    return challengeRequired(configured, asking, riskCall(call, true));
  }
}

function challengeRequired(
  { name, check }: ConfiguredCheck,
  { verdict }: Finding,
  call: RiskCall,
): DomainError {
  const offer = readOffer(() => check.challenge?.(call));
  if (!offer) return unavailable(NO_ANSWER);
  return new DomainError('challenge_required', {
    detail: 'Let the person answer the challenge, then call again with the answer as `challenge`.',
    ...(verdict.verdict === 'step_up' ? { reason: verdict.reason } : {}),
    challenge: { ...offer, check: name },
  });
}

function isAsked({ kind, settings, needsChallenge }: SendCall): boolean {
  return kind === 'create' && ((settings.riskChecks?.length ?? 0) > 0 || needsChallenge === true);
}

function riskCall(
  { applicationId, purpose, number, country, channel, clientIp, deviceId, challenge }: SendCall,
  asksThePerson: boolean,
): RiskCall {
  const about = { applicationId, purpose, number, country, channel, deviceId };
  return { ...about, clientIp: fullClientIp(clientIp), answer: asksThePerson ? challenge : null };
}
