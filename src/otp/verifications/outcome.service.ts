import { Injectable } from '@nestjs/common';
import type { Principal } from '../../applications/application';
import { AuditService } from '../../audit/audit.service';
import { DeliveriesService } from '../deliveries/deliveries.service';
import { ReaderService } from './read/reader.service';
import { refusalError } from './refusals';
import type { SlotAnswer } from '../slots/slot.repository';
import type { Personal } from './read/verification.view';
import type { VerificationAnswer } from './verifications.dto';

/** From what the slot answered to what the caller hears: the verification, or the error; refusals are audited. */
@Injectable()
export class OutcomeService {
  constructor(
    private readonly reader: ReaderService,
    private readonly audit: AuditService,
    private readonly deliveries: DeliveriesService,
  ) {}

  read(principal: Principal, verificationId: string): Promise<VerificationAnswer> {
    return this.reader.get(principal.application, verificationId);
  }

  /** The verification once its latest text has an outcome, or after `seconds`. */
  async whenSent(
    principal: Principal,
    verification: VerificationAnswer,
    seconds: number,
  ): Promise<VerificationAnswer> {
    const sending = verification.deliveries.findLast((delivery) => delivery.state === 'sending');
    if (!sending) return verification;
    await this.deliveries.settled(sending.id, seconds * 1000);
    return this.read(principal, verification.id);
  }

  /**
   * The verification that the operation was about.
   * @param personal spares opening what the caller sealed itself a moment ago
   * @throws DomainError the refusal
   */
  async verificationOf(
    principal: Principal,
    verificationId: string,
    answer: SlotAnswer,
    personal?: Personal,
  ): Promise<VerificationAnswer> {
    if (!answer.ok && answer.refusal.kind === 'joined_quietly') this.recordQuietJoin(principal, answer);
    else if (!answer.ok) throw this.refused(principal, verificationId, answer);
    const { slot } = answer;
    if (slot?.current.id !== verificationId) return this.read(principal, verificationId);
    return this.reader.renderCurrent(principal.application, { slot, now: answer.now }, personal);
  }

  private refused(principal: Principal, verificationId: string, answer: SlotAnswer & { ok: false }): Error {
    const { refusal, slot, now } = answer;
    if (refusal.kind === 'joined_quietly') throw new Error('a quiet join is no refusal');
    const error = refusalError(refusal, now);
    this.record(principal, 'access_denied', error.code, slot, verificationId);
    return error;
  }

  private recordQuietJoin(principal: Principal, { slot }: SlotAnswer): void {
    if (slot) this.record(principal, 'joined', 'resend_too_soon', slot, slot.current.id);
  }

  private record(
    principal: Principal,
    type: 'access_denied' | 'joined',
    rule: string,
    slot: SlotAnswer['slot'],
    verificationId: string,
  ): void {
    this.audit.recordRefusal({
      type,
      applicationId: principal.application.id,
      verificationId: slot ? verificationId : null,
      purpose: slot?.purpose ?? null,
      to: slot?.current.masked ?? null,
      actor: `key:${principal.keyId}`,
      rule,
      subject: slot?._id ?? principal.keyId,
    });
  }
}
