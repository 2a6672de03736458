import { Inject, Injectable } from '@nestjs/common';
import { KeyRing } from '../../keys/key-ring.service';
import { WrongGuesses } from '../../limits/guesses/wrong-guesses.service';
import { maskNumber } from '../../phone/phone-number';
import { PhoneService } from '../../phone/phone.service';
import type { Answered } from '../slots/commit/task';
import type { CancelOutcome } from '../slots/rules/cancel';
import type { CheckOutcome, RecipientCheckOutcome } from '../slots/rules/check';
import { SlotsService } from '../slots/slots.service';
import type { CallContext } from './call-context';
import type { RunIds } from './idempotency/idempotency';
import { operationOf, unkeyed } from './operation';
import { slotIn } from './slot-in';
import { CodesService, type Guess } from './start/codes.service';
import { deviceIn } from './start/device';
import { DEFAULT_PURPOSE } from './start/start-plan';
import { overloaded } from './verification.errors';

/** Above this many operations waiting for the commit, checks are refused too. */
const MAX_WAITING = 2_000;

/** Whoever a code was sent to, as a caller names them. */
export interface RecipientName {
  /** E.164, or national with `country`. */
  readonly to: string;
  readonly country?: string | undefined;
  readonly purpose?: string | undefined;
}

/** The slot that codes of a purpose for this person are in, whether or not there is one. */
export interface Recipient {
  readonly slotId: string;
  /** The slot's name at its full length. */
  readonly key: string;
  readonly e164: string;
  readonly masked: string;
  readonly purpose: string;
}

/** Calls of clients that may end a verification, as commands to their slots; what limits guesses over all slots. */
@Injectable()
export class ChecksService {
  constructor(
    private readonly slots: SlotsService,
    private readonly codes: CodesService,
    private readonly keys: KeyRing,
    private readonly phones: PhoneService,
    @Inject(WrongGuesses) private readonly guesses: Pick<WrongGuesses, 'admit' | 'add'>,
  ) {}

  /** @throws DomainError `unavailable`, `limit_reached` before anything is charged */
  async check(context: CallContext, guess: Guess, ids: RunIds): Promise<Answered<CheckOutcome>> {
    const { verificationId, deviceId } = guess;
    const applicationId = context.application.id;
    await this.admit(context, verificationId);
    const slotId = slotIn(this.keys, verificationId);
    const answered = await this.withKeys(() =>
      this.slots.check(slotId, {
        applicationId,
        actor: context.actor,
        ...operationOf(ids),
        verificationId,
        candidates: this.codes.candidates(applicationId, guess),
        device: deviceIn(this.keys, slotId, deviceId),
      }),
    );
    const { kind } = answered.outcome;
    if (kind === 'wrong' || kind === 'failed') this.guesses.add(applicationId);
    return answered;
  }

  /** @throws DomainError `phone_invalid` */
  recipient(
    { application }: CallContext,
    { to, country, purpose = DEFAULT_PURPOSE }: RecipientName,
  ): Recipient {
    const number = this.phones.canonical({ to, country });
    const { _id: slotId, key } = this.keys.slotName(application.id, purpose, number.e164);
    return { slotId, key, e164: number.e164, masked: maskNumber(number), purpose };
  }

  /**
   * Whatever is not right counts as a wrong guess of the application, whether or not it was evaluated: over many
   * numbers most guesses meet nothing, and no slot is there to count them.
   * @throws DomainError `unavailable`, `limit_reached` before anything is charged
   */
  async checkRecipient(
    context: CallContext,
    { slotId, key }: Recipient,
    { deviceId, ...guess }: Omit<Guess, 'verificationId'>,
    ids: RunIds,
  ): Promise<Answered<RecipientCheckOutcome>> {
    const applicationId = context.application.id;
    await this.admit(context, null);
    const answered = await this.withKeys(() =>
      this.slots.checkRecipient(slotId, {
        applicationId,
        actor: context.actor,
        ...operationOf(ids),
        key,
        candidatesAt: (verificationId) =>
          this.codes.candidates(applicationId, { ...guess, deviceId, verificationId }),
        device: deviceIn(this.keys, slotId, deviceId),
      }),
    );
    if (answered.outcome.kind !== 'approved') this.guesses.add(applicationId);
    return answered;
  }

  /** @throws DomainError `verification_not_found` for what cannot be an id */
  requireId(verificationId: string): void {
    slotIn(this.keys, verificationId);
  }

  cancel(context: CallContext, verificationId: string): Promise<Answered<CancelOutcome>> {
    return this.slots.cancel(slotIn(this.keys, verificationId), { ...unkeyed(context), verificationId });
  }

  private admit({ application, actor }: CallContext, verificationId: string | null): Promise<void> {
    if (this.slots.waiting > MAX_WAITING) throw overloaded();
    return this.guesses.admit({ applicationId: application.id, actor, verificationId });
  }

  /** A code made with a key that was added a moment ago: the ring is read again, once. */
  private async withKeys<Outcome extends { readonly kind: string }>(
    evaluate: () => Promise<Answered<Outcome>>,
  ): Promise<Answered<Outcome>> {
    const answered = await evaluate();
    if (answered.outcome.kind !== 'unknown_key') return answered;
    await this.keys.reload();
    return evaluate();
  }
}
