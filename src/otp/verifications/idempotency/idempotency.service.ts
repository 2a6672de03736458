import { Injectable, Logger } from '@nestjs/common';
import { DomainError, unavailable } from '../../../common/errors';
import { newId } from '../../../common/ids';
import { KeyRing } from '../../../keys/key-ring.service';
import {
  canonicalJson,
  outcomeOf,
  validIdempotencyKey,
  type CallIds,
  type Claim,
  type IdempotencyRecord,
  type IdempotentResponse,
  type IdempotentRoute,
  type Replay,
  type Run,
  type RunIds,
} from './idempotency';
import { IdempotencyRepository } from './idempotency.repository';

/** A call that may be repeated under a key. */
export interface Call {
  readonly applicationId: string;
  readonly route: IdempotentRoute;
  /** The verification that is checked; empty for a create. */
  readonly target: string;
  /** As it stands in the header; undefined: every call is one of its own. */
  readonly key: string | undefined;
  /** The validated body, plus whatever else makes it another request. */
  readonly request: unknown;
  /** Used if this is the first attempt. */
  readonly newIds: CallIds;
}

/** A call that came with a key. */
export type IdempotentCall = Call & { readonly key: string };

/** What the call itself came to. */
export interface Result<Outcome extends string, Verification extends { readonly id: string }> {
  readonly outcome: Outcome;
  readonly verification: Verification;
}

/** What a call came to, now or, replayed, when it was made first: then the verification is still to be read. */
export type Ran<Outcome extends string, Verification extends { readonly id: string }> =
  | (Result<Outcome, Verification> & { readonly replayed: false })
  | { readonly outcome: Outcome; readonly verificationId: string; readonly replayed: true };

/** A call has 10 s in all and the slot may need 8 of them. */
const TIME_LIMIT_MS = 1_500;
const MAX_DELETED_AT_ONCE = 500;

/**
 * Makes repeats of a call safe. The record is there, with the operation's id in it, before the slot is
 * written: whatever is lost afterwards, a repeat asks the slot for the same operation.
 *
 * A call costs two round trips (`begin`, and one of `finish`, `release`, `suspend`), a repeat one, a call without a
 * key none. Each is given up after 1.5 s.
 */
@Injectable()
export class IdempotencyService {
  private readonly log = new Logger(IdempotencyService.name);

  constructor(
    private readonly records: IdempotencyRepository,
    private readonly keys: KeyRing,
  ) {}

  /**
   * Runs a call at most once per key.
   * @param once the call itself; a repeat brings the ids of the first try, so that it finds what that did
   * @throws DomainError as `begin`, and what `once` throws
   */
  async run<Outcome extends string, Verification extends { readonly id: string }>(
    { key, ...call }: Call,
    once: (ids: RunIds) => Promise<Result<Outcome, Verification>>,
  ): Promise<Ran<Outcome, Verification>> {
    if (key === undefined) {
      const { opId, verificationId } = call.newIds;
      const { outcome, verification } = await once({ opId, verificationId, keyed: false });
      return { outcome, verification, replayed: false };
    }
    const begun = await this.begin({ ...call, key });
    if (begun.kind === 'replay') {
      // The key of a record holds the route, so the word is one of this route.
      return { outcome: begun.outcome as Outcome, verificationId: begun.verificationId, replayed: true };
    }
    const { opId, verificationId } = begun;
    try {
      const result = await once({ opId, verificationId, keyed: true });
      await this.finish(begun, { outcome: result.outcome, verificationId: result.verification.id });
      return { outcome: result.outcome, verification: result.verification, replayed: false };
    } catch (error) {
      await this.end(begun, error, opId === call.newIds.opId);
      throw error;
    }
  }

  /**
   * @returns `run` for exactly one of any number of calls at once: it must then be run under the ids given, and
   *   reported by `finish`, `release` or `suspend`. A call that is not reported is taken over after 30 s, under
   *   the same ids. `replay` when the call was answered within the last 24 h.
   * @throws DomainError `invalid_request` for the key, `idempotency_key_reused` when it came with another
   *   request, `idempotency_in_progress`, `unavailable`
   */
  async begin(call: IdempotentCall): Promise<Run | Replay> {
    const key = validIdempotencyKey(call.key);
    const id = this.keys.digest('idempotency-key', call.applicationId, call.route, key).toString('base64url');
    const claim: Claim = {
      // Over the id too, so that equal requests of two applications do not look alike in a dump.
      fingerprint: this.keys
        .digest('idempotency-fingerprint', id, call.target, canonicalJson(call.request))
        .toString('base64url'),
      attempt: newId(),
      ...call.newIds,
    };
    return outcomeOf(await this.claimInTime(id, claim), claim);
  }

  /** Remembers what the call came to. Never rejects: the answer is true whether or not it is remembered; see `report`. */
  finish(run: Run, response: IdempotentResponse): Promise<boolean> {
    return this.report(this.records.finish(run.recordId, run.attempt, response));
  }

  /** After a refusal, which is not remembered: the next call with this key starts afresh. Never rejects. */
  release(run: Run): Promise<boolean> {
    return this.report(this.records.remove(run.recordId, run.attempt));
  }

  /**
   * After an answer that does not say what happened (503): a repeat may take over at once, and asks for the
   * outcome of the same operation. Never rejects; nobody need wait for it.
   */
  suspend(run: Run): Promise<boolean> {
    return this.report(this.records.suspend(run.recordId, run.attempt));
  }

  /** Deletes records that are over, at most 500 at once. @returns how many; fewer than `limit` means no more are due */
  deleteExpired(limit: number = MAX_DELETED_AT_ONCE): Promise<number> {
    return this.records.deleteExpired(Math.min(limit, MAX_DELETED_AT_ONCE));
  }

  /**
   * A refusal is forgotten, so that the next try is judged afresh. After anything else the outcome is unknown:
   * the record keeps its operation id, and the next try finds out what the first one did. So does the record of
   * a try that was taken over: its write may land after this refusal.
   */
  private async end(run: Run, error: unknown, isFirst: boolean): Promise<void> {
    const isRefused = error instanceof DomainError && error.code !== 'unavailable';
    if (isRefused && isFirst) await this.release(run);
    // The caller has waited long enough.
    else void this.suspend(run);
  }

  private async claimInTime(id: string, claim: Claim): Promise<IdempotencyRecord> {
    const claiming = this.records.claim(id, claim);
    const record = await withinLimit(claiming);
    if (record !== undefined) return record;
    // Nobody will run what this claim may still get: hand it on, so that the repeat need not wait 30 s.
    void claiming.then(() => this.records.suspend(id, claim.attempt)).catch(() => false);
    throw unavailable(
      'The database did not answer in time. Repeat the request with the same Idempotency-Key.',
    );
  }

  /**
   * @returns whether the record was changed. False when another attempt took it over meanwhile, or when the
   *   database did not answer: the record is then taken over by a repeat after 30 s, with the same outcome.
   */
  private async report(change: Promise<boolean>): Promise<boolean> {
    try {
      return (await withinLimit(change)) ?? false;
    } catch (error) {
      this.log.warn(
        `an idempotency record was not updated: ${error instanceof Error ? error.name : 'error'}`,
      );
      return false;
    }
  }
}

/** What `work` gives, or undefined when it takes longer than the limit; its failure afterwards is nobody's. */
async function withinLimit<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), TIME_LIMIT_MS);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
