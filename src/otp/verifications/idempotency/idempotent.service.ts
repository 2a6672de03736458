import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../applications/application';
import { DomainError } from '../../../common/errors';
import { newId } from '../../../common/ids';
import type { Run } from './idempotency';
import { IdempotencyService } from './idempotency.service';
import { ReaderService } from '../read/reader.service';
import type { VerificationAnswer } from '../verifications.dto';

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
    try {
      const result = await once(begun);
      const { status, valid, verification } = result;
      await this.records.finish(begun, { status, valid, verificationId: verification.id });
      return { ...result, replayed: false };
    } catch (error) {
      await this.end(begun, error, begun.opId === newIds.opId);
      throw error;
    }
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
      if (isAboutKey(error) && target !== '') await this.reader.get(principal.application, target);
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
   * the record keeps its operation id, and the next try finds out what the first one did. So does the record of
   * a try that was taken over: its write may land after this refusal.
   */
  private async end(begun: Run, error: unknown, isFirst: boolean): Promise<void> {
    const refused = error instanceof DomainError && error.code !== 'unavailable';
    if (refused && isFirst) await this.records.release(begun);
    // The caller has waited long enough.
    else void this.records.suspend(begun);
  }
}

const isAboutKey = (error: unknown): boolean =>
  error instanceof DomainError &&
  (error.code === 'idempotency_key_reused' || error.code === 'idempotency_in_progress');
