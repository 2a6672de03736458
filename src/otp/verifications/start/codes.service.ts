import { Inject, Injectable } from '@nestjs/common';
import { Random } from '../../../common/random';
import { Secret } from '../../../common/secret';
import { KeyRing, type CodeMac } from '../../../keys/key-ring.service';
import type { Transaction } from '../../slots/personal';
import type { NewVerification } from '../../slots/rules/create';
import { SealedService } from '../../slots/sealed.service';
import { generateCode } from './code';
import { frozen, type StartPlan } from './start-plan';

/** One guess, normalised. */
export interface Guess {
  readonly verificationId: string;
  readonly code: string;
  readonly transaction: Transaction | undefined;
  readonly digest: string | undefined;
  readonly deviceId: string | undefined;
}

/** Draws codes, and makes of codes what may be stored and compared. */
@Injectable()
export class CodesService {
  constructor(
    private readonly keys: KeyRing,
    private readonly sealed: SealedService,
    @Inject(Random) private readonly random: Random,
  ) {}

  /** A new code, and the verification that keeps it: as a MAC to compare, and sealed to be sent again. */
  newVerification(plan: StartPlan, id: string): { readonly code: Secret; readonly record: NewVerification } {
    const { slot, policy, personal, steps, testCode } = plan;
    const kid = this.keys.current();
    const code =
      testCode === null
        ? generateCode(this.random, { length: policy.codeLength, alphabet: policy.codeAlphabet })
        : new Secret(testCode);
    const clear = code.reveal();
    const transactionDigest = this.boundTo(personal);
    const bound = { applicationId: slot.applicationId, verificationId: id, transactionDigest, code: clear };
    const sealed = this.sealed.seal(kid, slot._id, id, clear, personal);
    const record = {
      id,
      mac: this.keys.codeMac(kid, bound),
      sealed: sealed.sealed,
      personal: sealed.personal,
      kid,
      policy: frozen(policy, testCode),
      country: plan.country,
      channel: plan.delivery.channel,
      masked: plan.masked,
      transactionDigest,
      steps,
    };
    return { code, record };
  }

  /** What the stored MAC must be if the guess is right, for each key that may have made it. */
  candidates(applicationId: string, { verificationId, code, ...bound }: Guess): CodeMac[] {
    const transactionDigest = this.boundTo(bound);
    return this.keys.codeMacs({ applicationId, verificationId, transactionDigest, code });
  }

  /**
   * A missing, extra or different transaction or digest makes a guess wrong. Null without either, and a transaction
   * alone gives what it gave before there were digests. A digest is made with a key of its own, over whether there was
   * a transaction too: no transaction can pass for a digest, nor one of the two for both.
   */
  private boundTo({ transaction, digest }: Partial<Pick<Guess, 'transaction' | 'digest'>>): Buffer | null {
    const payment = transaction ? this.paymentDigest(transaction) : null;
    if (digest === undefined) return payment;
    return this.keys.digest('caller-digest', payment?.toString('base64url') ?? '', digest);
  }

  private paymentDigest({ amount, currency, payee }: Transaction): Buffer {
    return this.keys.digest('transaction', amount, currency, payee);
  }
}
