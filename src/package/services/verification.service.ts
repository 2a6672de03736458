import { Injectable } from '@nestjs/common';
import { LocalCallsService } from '../../otp/verifications/local-calls.service';
import { answering } from '../sixdigit-error';
import { applicationOf } from './on-behalf';
import type {
  CheckedRecipient,
  CheckedVerification,
  CheckOptions,
  CheckRecipient,
  CheckVerification,
  ListVerifications,
  OnBehalf,
  ResendOptions,
  StartedVerification,
  StartOptions,
  StartVerification,
  Verification,
  VerificationPage,
} from './verification';

/**
 * Verifications without HTTP: the rules, limits, charges and events of the API's calls. What the API guards by keys
 * and by its throttle is yours to guard: whoever runs in the process may call.
 *
 * Every method rejects with `SixdigitError`.
 */
@Injectable()
export class VerificationService {
  constructor(private readonly calls: LocalCallsService) {}

  /**
   * Sends a code to a person: of a new verification, or of the pending one that serves.
   *
   * @throws SixdigitError `invalid_request`, `phone_invalid`, `country_not_allowed`, `number_type_not_allowed`,
   * `number_blocked`, `challenge_required`, `verification_pending`, `resend_too_soon`, `send_limit_reached`,
   * `limit_reached`, `budget_exhausted`, `recipient_locked`, `idempotency_key_reused`, `idempotency_in_progress`
   */
  start(request: StartVerification, options: StartOptions = {}): Promise<StartedVerification> {
    return answering(this.calls.start(applicationOf(options), request, options));
  }

  /**
   * Evaluates a guess. `valid: true` in this very answer is the proof; a wrong guess resolves with `valid: false`.
   *
   * @throws SixdigitError when nothing was evaluated: `verification_not_found`, `verification_approved`, `…_failed`,
   * `…_expired`, `…_canceled`, `…_superseded`, `recipient_locked`, `invalid_request`
   */
  check(id: string, guess: CheckVerification, options: CheckOptions = {}): Promise<CheckedVerification> {
    return answering(this.calls.check(applicationOf(options), id, guess, options));
  }

  /**
   * Evaluates a guess at the code that the person has for a purpose. False alike for a wrong code, for nothing pending,
   * for a lock and for a number never seen, so that nobody learns whether a code is out there.
   *
   * @throws SixdigitError `invalid_request`, `phone_invalid`, `limit_reached`
   */
  checkRecipient(guess: CheckRecipient, options: CheckOptions = {}): Promise<CheckedRecipient> {
    return answering(this.calls.checkRecipient(applicationOf(options), guess, options));
  }

  /**
   * Sends the same code again.
   *
   * @throws SixdigitError `resend_too_soon`, `send_limit_reached`, and as `start` and `check`
   */
  resend(id: string, options: ResendOptions = {}): Promise<Verification> {
    const { applicationId: _, ...ask } = options;
    return answering(this.calls.send(applicationOf(options), id, ask));
  }

  /**
   * Ends the verification; its code is worth nothing from then on. Also resolves when it was canceled before.
   *
   * @throws SixdigitError `verification_not_found`, or how it ended otherwise
   */
  cancel(id: string, options: OnBehalf = {}): Promise<Verification> {
    return answering(this.calls.cancel(applicationOf(options), id));
  }

  /** @throws SixdigitError `verification_not_found`, also for one of another application */
  get(id: string, options: OnBehalf = {}): Promise<Verification> {
    return answering(this.calls.get(applicationOf(options), id));
  }

  /**
   * Newest first; may be some seconds behind.
   *
   * @throws SixdigitError `invalid_request`, `phone_invalid` for `to`
   */
  list(query: ListVerifications = {}): Promise<VerificationPage> {
    const { applicationId: _, ...asked } = query;
    return answering(this.calls.list(applicationOf(query), asked));
  }
}
