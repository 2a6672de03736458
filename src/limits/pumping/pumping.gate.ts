import { Inject, Injectable } from '@nestjs/common';
import { ServerSettings } from '../../../config/settings';
import { AuditService } from '../../audit/audit.service';
import { DomainError } from '../../common/errors';
import { maskNumber } from '../../phone/phone-number';
import { parsePhoneNumber } from '../../phone/parse-phone-number';
import type { Gate, GateNotes, Passage, RuleDecision, RuleOutcome, SendCall } from '../gate';
import { ConfiguredChecks } from '../risk/configured-checks';
import { challengeCheckOf } from '../risk/risk-rules';
import type { Suspension, Verdict } from './decide';
import { pumpingModeOf, type PumpingMode } from './pumping-mode';
import { PumpingService, type Send } from './pumping.service';

const silent: Passage = { decisions: [], refusal: null };
/** The same for every block: when it ends is nobody's business. */
const RETRY_AFTER_SECONDS = 600;

/** Refuses, or asks for a challenge, where many messages went out and hardly a code was typed. */
@Injectable()
export class PumpingGate implements Gate {
  constructor(
    private readonly pumping: PumpingService,
    @Inject(ConfiguredChecks) private readonly checks: ConfiguredChecks,
    @Inject(ServerSettings) private readonly server: Pick<ServerSettings, 'isProduction'>,
    @Inject(AuditService) private readonly audit: Pick<AuditService, 'recordRefusal'>,
  ) {}

  async preview(call: SendCall): Promise<readonly RuleDecision[]> {
    const mode = this.modeOf(call);
    if (mode === 'off') return [];
    return this.pumping.judge(call, (verdict) => [
      decisionOf(verdict, this.outcomeOf(verdict, call, mode), call),
    ]);
  }

  async previewNotes(call: SendCall): Promise<GateNotes | undefined> {
    const mode = this.modeOf(call);
    if (mode === 'off') return undefined;
    return this.pumping.judge(call, (verdict) =>
      this.outcomeOf(verdict, call, mode) === 'challenged' ? { needsChallenge: true } : undefined,
    );
  }

  enter(call: SendCall): Passage | Promise<Passage> {
    const mode = this.modeOf(call);
    return mode === 'off'
      ? silent
      : this.pumping.judge(call, (verdict, send) => this.passageOf(call, verdict, mode, send));
  }

  /** Test numbers get no message, so nobody learns from them either. */
  confirmed(call: SendCall): void {
    // Its send was not charged, so its answer pays for nothing.
    if (this.modeOf(call) === 'off' || call.isLongLived) return;
    // Without the database's time it is not noted: stricter, and the check has been answered.
    void this.pumping.typed(call).catch(() => undefined);
  }

  private passageOf(call: SendCall, verdict: Verdict, mode: PumpingMode, send: Send): Passage {
    const outcome = this.outcomeOf(verdict, call, mode);
    const decision = decisionOf(verdict, outcome, call);
    if (outcome === 'refused') return { decisions: [decision], refusal: limitReached() };
    if (outcome === 'shadow') this.recordShadow(call, decision);
    // Refused like any other where people stopped typing codes, but no sign of that itself: weeks may pass.
    const undo = call.isLongLived ? undefined : send();
    const notes = outcome === 'challenged' ? ({ needsChallenge: true } as const) : undefined;
    return { decisions: [decision], refusal: null, ...(undo && { undo }), ...(notes && { notes }) };
  }

  private outcomeOf({ by }: Verdict, call: SendCall, mode: PumpingMode): RuleOutcome {
    if (!by || call.isAllowListed) return 'allowed';
    if (mode === 'shadow') return 'shadow';
    return by.canBeChallenged && this.canAsk(call) ? 'challenged' : 'refused';
  }

  /** Only who creates is there to answer a challenge. */
  private canAsk({ kind, settings }: SendCall): boolean {
    return (
      kind === 'create' && challengeCheckOf(settings.riskChecks, [...this.checks.values()]) !== undefined
    );
  }

  private modeOf({ settings }: Pick<SendCall, 'settings'>): PumpingMode {
    return pumpingModeOf(settings, this.server.isProduction);
  }

  /** So that an operator can see what `enforce` would do. */
  private recordShadow(call: SendCall, { rule, value, limit, until }: RuleDecision): void {
    const parsed = parsePhoneNumber(call.number);
    this.audit.recordRefusal({
      ...{ type: 'shadow_refused', rule, applicationId: call.applicationId, purpose: call.purpose },
      to: parsed.ok ? maskNumber(parsed.number) : null,
      ...{ actor: 'job:pumping', subject: call.applicationId },
      details: { outcome: 'shadow', value, limit, until: until?.toISOString() ?? null },
    });
  }
}

function decisionOf({ by, because }: Verdict, outcome: RuleOutcome, call: SendCall): RuleDecision {
  if (!by) return { rule: 'pumping', outcome, value: null, limit: null, until: null, because };
  const reason = call.isAllowListed ? 'allow_list' : because;
  return { rule: `pumping.${by.level}`, outcome, ...measured(by), because: reason };
}

const measured = ({ debt, window, until }: Suspension) => ({
  value: Math.round(debt),
  limit: Math.round(window),
  until: new Date(until),
});

function limitReached(): DomainError {
  return new DomainError('limit_reached', {
    rule: 'pumping',
    detail: 'Too many codes were sent to numbers like this one and not typed. Nothing was sent.',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
