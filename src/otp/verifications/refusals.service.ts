import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service';
import type { Refusal as RefusedCall } from '../../audit/refusals';
import type { DomainError } from '../../common/errors';
import type { Answered } from '../slots/commit/task';
import type { RecipientCheckOutcome } from '../slots/rules/check';
import type { Refusal } from '../slots/rules/decision';
import type { Slot } from '../slots/slot';
import type { CallContext } from './call-context';
import type { Recipient } from './checks.service';
import { ReaderService } from './read/reader.service';
import { measuresOf } from './refusal-measures';
import { refusalError } from './verification.errors';

type Unevaluated = Extract<RecipientCheckOutcome, { kind: 'locked' | 'nothing_pending' }>;

/** Why calls changed nothing: finds the reason, puts it into the audit log, and makes the error of it. */
@Injectable()
export class RefusalsService {
  constructor(
    private readonly audit: AuditService,
    private readonly reader: ReaderService,
  ) {}

  /**
   * The reason of a refusal about a verification. Slots forget those that ended long ago: what a slot does not find
   * may still be known. Whose slot it was then says nothing, and may be another application's.
   */
  async reason(
    { application }: CallContext,
    verificationId: string,
    answered: Answered<Refusal>,
  ): Promise<Answered<Refusal>> {
    if (answered.outcome.kind !== 'not_found') return answered;
    const outcome = await this.reader.whyNotFound(application.id, verificationId);
    return { ...answered, outcome, slot: null };
  }

  /**
   * The error that the caller hears; the refusal is in the audit log then.
   * @param verificationId that the call named; else the one that stood in its way
   */
  error(
    context: CallContext,
    { outcome, slot, now }: Answered<Refusal>,
    verificationId = slot?.current.id,
  ): DomainError {
    const error = refusalError(outcome, now);
    const about = slot && verificationId !== undefined ? { slot, verificationId } : null;
    const details = measuresOf(outcome, slot, now);
    this.record(context, about, {
      type: 'access_denied',
      rule: error.code,
      ...(details && { details: { ...details } }),
    });
    return error;
  }

  /** {@link reason} and {@link error}. */
  async refuse(
    context: CallContext,
    verificationId: string,
    answered: Answered<Refusal>,
  ): Promise<DomainError> {
    return this.error(context, await this.reason(context, verificationId, answered), verificationId);
  }

  /** A create that found a pending verification and sent nothing. */
  recordQuietJoin(context: CallContext, slot: Slot | null, verificationId: string): void {
    this.record(context, slot && { slot, verificationId }, { type: 'joined', rule: 'resend_too_soon' });
  }

  /** A guess by recipient that was not evaluated. The caller does not hear so; the log tells it from a wrong one. */
  recordRecipient(
    { application, actor }: CallContext,
    { slotId, masked, purpose }: Pick<Recipient, 'slotId' | 'masked' | 'purpose'>,
    { outcome, slot, now }: Answered<Unevaluated>,
  ): void {
    const details = outcome.kind === 'locked' ? measuresOf(outcome, slot, now) : null;
    this.audit.recordRefusal({
      type: 'access_denied',
      rule: outcome.kind === 'locked' ? 'recipient_locked' : outcome.kind,
      applicationId: application.id,
      verificationId: null,
      purpose,
      to: masked,
      actor,
      subject: slotId,
      ...(details && { details: { ...details } }),
    });
  }

  private record(
    { application, actor, keyId }: CallContext,
    about: { readonly slot: Slot; readonly verificationId: string } | null,
    why: Pick<RefusedCall, 'rule' | 'details'> & { readonly type: 'access_denied' | 'joined' },
  ): void {
    this.audit.recordRefusal({
      ...why,
      applicationId: application.id,
      verificationId: about?.verificationId ?? null,
      purpose: about?.slot.purpose ?? null,
      to: about?.slot.current.masked ?? null,
      actor,
      subject: about?.slot._id ?? keyId,
    });
  }
}
