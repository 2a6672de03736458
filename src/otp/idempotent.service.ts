import { Injectable } from '@nestjs/common';
import type { Principal } from '../applications/application';
import { DomainError } from '../common/errors';
import { newId } from '../common/ids';
import { IdempotencyService } from './idempotency/idempotency.service';
import { ReaderService } from './reader.service';
import type { VerificationAnswer } from './verifications.dto';

export interface CallResult {
  readonly status: number;
  /** For checks: whether the guess was right. */
  readonly valid: boolean | null;
  readonly verification: VerificationAnswer;
  /** This is the remembered answer to an earlier call with the same key. */
  readonly replayed: boolean;
}

interface Call {
  readonly principal: Principal;
  readonly route: 'create' | 'check';
  /** The verification that is checked; empty for a create. */
  readonly target: string;
  /** As sent; absent means that every call is one of its own. */
  readonly key: string | undefined;
  readonly request: unknown;
}

interface Ids {
  readonly opId: string;
  readonly verificationId: string;
}

/** Runs a call at most once per idempotency key. */
@Injectable()
export class IdempotentService {
  constructor(
    private readonly records: IdempotencyService,
    private readonly reader: ReaderService,
  ) {}

  /**
   * @param once the call itself; a repeat brings the ids of the first try, so that it finds what that did
   * @throws DomainError `idempotency_key_reused`, `idempotency_in_progress`, and what `once` throws
   */
  async run(call: Call, once: (ids: Ids) => Promise<Omit<CallResult, 'replayed'>>): Promise<CallResult> {
    const newIds = { opId: newId(), verificationId: newId() };
    if (call.key === undefined) return { ...(await once(newIds)), replayed: false };
    const begun = await this.begin(call, call.key, newIds);
    if (begun.kind === 'replay') return this.replay(call.principal, begun);
    let result: Omit<CallResult, 'replayed'>;
    try {
      result = await once(begun);
    } catch (error) {
      await this.end(begun, error);
      throw error;
    }
    const { status, valid, verification } = result;
    await this.quietly(
      this.records.finish(begun.recordId, begun.attempt, { status, valid, verificationId: verification.id }),
    );
    return { ...result, replayed: false };
  }

  private async begin(call: Call, key: string, newIds: Ids) {
    const { principal, route, target, request } = call;
    try {
      return await this.records.begin({
        applicationId: principal.application.id,
        route,
        target,
        key,
        request,
        newIds,
      });
    } catch (error) {
      // An unknown verification is 404 before anything is said about the key.
      if (error instanceof DomainError && target !== '') await this.reader.get(principal.application, target);
      throw error;
    }
  }

  private async replay(
    principal: Principal,
    { status, valid, verificationId }: { status: number; valid: boolean | null; verificationId: string },
  ): Promise<CallResult> {
    const verification = await this.reader.get(principal.application, verificationId);
    return { status, valid, verification, replayed: true };
  }

  /**
   * A refusal is forgotten, so that the next try is judged afresh. After anything else the outcome is unknown:
   * the record keeps its operation id, and the next try finds out what the first one did.
   */
  private async end(begun: { recordId: string; attempt: number }, error: unknown): Promise<void> {
    const refused = error instanceof DomainError && error.code !== 'unavailable';
    const { recordId, attempt } = begun;
    await this.quietly(
      refused ? this.records.release(recordId, attempt) : this.records.suspend(recordId, attempt),
    );
  }

  /** The call has its outcome; a record that could not be closed is taken over by the next try after 30 s. */
  private async quietly(closing: Promise<unknown>): Promise<void> {
    await closing.catch(() => undefined);
  }
}
