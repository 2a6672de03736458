import { Injectable } from '@nestjs/common';
import { newId } from '../../common/ids';
import type { Secret } from '../../common/secret';
import { KeyRing } from '../../keys/key-ring.service';
import { DispatchService, type ClaimedDelivery } from '../deliveries/dispatch.service';
import type { Answered } from '../slots/commit/task';
import type { CreateCommand, CreateOutcome } from '../slots/rules/create';
import type { NewDelivery } from '../slots/rules/new-delivery';
import type { ResendCommand, ResendOutcome } from '../slots/rules/resend';
import { SlotsService } from '../slots/slots.service';
import type { CallContext } from './call-context';
import type { CallIds, RunIds } from './idempotency/idempotency';
import { operationOf, unkeyed, type Admitted, type CreateOperation, type ResendAsk } from './operation';
import type { VerificationView } from './read/verification.view';
import { slotIn } from './slot-in';
import { CodesService } from './start/codes.service';
import type { DeliveryAsk, StartPlan } from './start/start-plan';
import { noIdLeft, overloaded } from './verification.errors';

/** Above this many operations waiting for the commit, creates are refused: a person with a code in hand gets through. */
const MAX_WAITING_FOR_CREATE = 500;
/** A second one is needed once in 2^48. */
const MAX_DRAWS = 3;

/** What a create came to, without what is only chance. */
export type StartAnswer = Answered<Exclude<CreateOutcome, { kind: 'id_taken' | 'slot_taken' }>>;

/** Calls of clients that put a message into a slot, as its commands; the message is sent. */
@Injectable()
export class CommandsService {
  constructor(
    private readonly slots: SlotsService,
    private readonly codes: CodesService,
    private readonly dispatch: DispatchService,
    private readonly keys: KeyRing,
  ) {}

  /** @throws DomainError `unavailable` before anything is written */
  admit(): void {
    this.dispatch.admit();
    if (this.slots.waiting > MAX_WAITING_FOR_CREATE) throw overloaded();
  }

  /** One create. The gateway is called after the write, outside any database operation. */
  async start(
    context: CallContext,
    plan: StartPlan,
    ids: RunIds,
    { risk, ...admitted }: Admitted,
  ): Promise<StartAnswer> {
    for (let draw = 0, id = this.idFor(plan, ids); draw < MAX_DRAWS; draw++) {
      const answered = await this.tryToStart(context, plan, { ...operationOf(ids), id, risk }, admitted);
      const { outcome } = answered;
      if (outcome.kind === 'slot_taken') break;
      if (outcome.kind !== 'id_taken') return { ...answered, outcome };
      id = this.keys.newVerificationId(plan.slot._id);
    }
    throw noIdLeft();
  }

  /** What a create would come to now; nothing is written or sent. */
  async foreseeStart(context: CallContext, plan: StartPlan, ids: RunIds): Promise<StartAnswer> {
    const { command } = this.createCommand(context, plan, { ...operationOf(ids), id: this.idFor(plan, ids) });
    const { outcome, ...answered } = await this.slots.foreseeCreate(command);
    if (outcome.kind === 'slot_taken' || outcome.kind === 'id_taken') throw noIdLeft();
    return { ...answered, outcome };
  }

  /** The same code again. */
  async resend(
    context: CallContext,
    verificationId: string,
    ask: ResendAsk,
    { payment, rider }: Admitted,
  ): Promise<Answered<ResendOutcome>> {
    const { command, leaseStart } = this.resendCommand(context, verificationId, ask);
    const answered = await this.slots.resend(slotIn(this.keys, verificationId), command, rider);
    if (answered.outcome.kind === 'resent')
      await this.send(answered, { context, deliveryId: command.delivery.id, leaseStart, payment });
    return answered;
  }

  /** What a resend would come to now; nothing is written or sent. */
  foreseeResend(
    context: CallContext,
    verificationId: string,
    ask: ResendAsk,
  ): Promise<Answered<ResendOutcome>> {
    const { command } = this.resendCommand(context, verificationId, ask);
    return this.slots.foreseeResend(slotIn(this.keys, verificationId), command);
  }

  /**
   * Waits until the message that a start caused has an outcome.
   * @returns whether there was anything to wait for, so that the verification has changed
   */
  async whenSent({ deliveries }: VerificationView, ms: number): Promise<boolean> {
    const sending = deliveries.findLast((delivery) => delivery.state === 'sending');
    if (!sending) return false;
    await this.dispatch.settled(sending.id, ms);
    return true;
  }

  private async tryToStart(
    context: CallContext,
    plan: StartPlan,
    operation: CreateOperation,
    { payment, rider }: Admitted,
  ): Promise<Answered<CreateOutcome>> {
    const { command, code, leaseStart } = this.createCommand(context, plan, operation);
    const answered = await this.slots.create(command, rider);
    const { kind } = answered.outcome;
    const known = kind === 'started' ? { code: code.reveal(), personal: plan.personal } : undefined;
    if (kind === 'started' || kind === 'joined')
      await this.send(answered, { context, deliveryId: command.delivery.id, leaseStart, known, payment });
    return answered;
  }

  private createCommand(
    context: CallContext,
    plan: StartPlan,
    { id, op, keyed, risk }: CreateOperation,
  ): { readonly command: CreateCommand; readonly code: Secret; readonly leaseStart: number } {
    const { code, record } = this.codes.newVerification(plan, id);
    const { leaseStart, leaseOwner, leaseMs } = this.dispatch.newLease();
    const command = {
      applicationId: context.application.id,
      actor: context.actor,
      op,
      keyed,
      slot: plan.slot,
      record,
      delivery: newDelivery(plan.delivery),
      whenPending: plan.policy.whenPending,
      device: plan.device,
      risk,
      leaseOwner,
      leaseMs,
    };
    return { command, code, leaseStart };
  }

  private resendCommand(
    context: CallContext,
    verificationId: string,
    { channel, locale }: ResendAsk,
  ): { readonly command: ResendCommand; readonly leaseStart: number } {
    const delivery = newDelivery({ channel, locale, appHash: null, webOtpDomain: null });
    const { leaseStart, ...lease } = this.dispatch.newLease();
    return { command: { ...unkeyed(context), verificationId, delivery, ...lease }, leaseStart };
  }

  /**
   * The id of an earlier try of this call, which may have taken effect; not when the request has meant another
   * recipient then (the server's default country was changed): an id must name its slot.
   */
  private idFor(plan: StartPlan, { verificationId }: CallIds): string {
    return this.keys.slotOf(verificationId) === plan.slot._id ? verificationId : plan.verificationId;
  }

  /** A repeat of an operation that had a delivery of its own sends nothing: the slot does not have this one. */
  private async send(
    { slot, now }: Answered<unknown>,
    message: Pick<ClaimedDelivery, 'deliveryId' | 'leaseStart' | 'known' | 'payment'> & {
      readonly context: CallContext;
    },
  ): Promise<void> {
    if (!slot) return;
    const { context, deliveryId, leaseStart, known, payment } = message;
    const { application } = context;
    await this.dispatch.send({ slot, now, deliveryId, leaseStart, leaseN: 1, application, known, payment });
  }
}

const newDelivery = ({ channel, locale, appHash, webOtpDomain }: DeliveryAsk): NewDelivery => ({
  id: newId(),
  channel,
  locale,
  appHash,
  webOtpDomain,
});
