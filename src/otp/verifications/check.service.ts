import { Injectable } from '@nestjs/common';
import { mongo } from 'mongoose';
import type { Principal } from '../../applications/application';
import { unavailable } from '../../common/errors';
import { newId } from '../../common/ids';
import { KeyRing } from '../../keys/key-ring.service';
import { ReadModelService } from '../relay/read-model/read-model.service';
import { SlotRepository } from '../slots/slot.repository';
import type { SlotAnswer } from '../slots/slot.repository';
import { transactionDigest } from './transaction-digest';
import type { Transaction } from './verifications.dto';

/** Above this many operations waiting for the commit, checks are refused too. */
const MAX_WAITING_FOR_CHECK = 2_000;

/** One guess, normalised. */
export interface Guess {
  readonly verificationId: string;
  readonly code: string;
  readonly transaction: Transaction | undefined;
}

/** Evaluates guesses and cancels verifications. */
@Injectable()
export class CheckService {
  constructor(
    private readonly slots: SlotRepository,
    private readonly keys: KeyRing,
    private readonly history: ReadModelService,
  ) {}

  /** @throws DomainError `unavailable` before anything is charged. */
  async check(principal: Principal, guess: Guess, op: string): Promise<SlotAnswer> {
    if (this.slots.waiting > MAX_WAITING_FOR_CHECK) throw unavailable('The server is overloaded. Try again.');
    const answer = await this.evaluate(principal, guess, op);
    if (answer.ok || answer.refusal.kind !== 'unknown_key')
      return this.orEnded(principal, guess.verificationId, answer);
    // The code was made with a key that was added a moment ago: read the ring again, once.
    await this.keys.reload();
    return this.evaluate(principal, guess, op);
  }

  async cancel(principal: Principal, verificationId: string): Promise<SlotAnswer> {
    const answer = await this.slots.cancel({
      applicationId: principal.application.id,
      op: newId(),
      actor: `key:${principal.keyId}`,
      verificationId,
    });
    return this.orEnded(principal, verificationId, answer);
  }

  /** Slots forget verifications that ended long ago; the read model tells those from ids that never were. */
  private async orEnded(
    principal: Principal,
    verificationId: string,
    answer: SlotAnswer,
  ): Promise<SlotAnswer> {
    if (answer.ok || answer.refusal.kind !== 'not_found') return answer;
    const snapshot = await this.history.find(principal.application.id, verificationId);
    if (!snapshot || snapshot.status === 'pending') return answer;
    return { ...answer, refusal: { kind: 'ended', status: snapshot.status } };
  }

  private evaluate(principal: Principal, guess: Guess, op: string): Promise<SlotAnswer> {
    const { verificationId, code } = guess;
    const applicationId = principal.application.id;
    const fields = {
      applicationId,
      verificationId,
      transactionDigest: transactionDigest(this.keys, guess.transaction),
      code,
    };
    return this.slots.check({
      applicationId,
      op,
      actor: `key:${principal.keyId}`,
      verificationId,
      candidates: this.keys.codeMacs(fields).map(({ kid, mac }) => ({ kid, mac: new mongo.Binary(mac) })),
    });
  }
}
