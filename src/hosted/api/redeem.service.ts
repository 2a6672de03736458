import { Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors';
import { newId } from '../../common/ids';
import type { CallContext } from '../../otp/verifications/call-context';
import { validIdempotencyKey } from '../../otp/verifications/idempotency/idempotency';
import { hostedEvent } from '../process/events';
import type { Process } from '../process/process';
import { ProcessesService, type Known } from '../process/processes.service';
import { isSameRedemption, redeemed } from '../process/rules';
import { TokensService } from '../process/tokens.service';

export interface Redemption {
  readonly process: Process;
  readonly replayed: boolean;
}

/** Turns a result into the proof, once. */
@Injectable()
export class RedeemService {
  constructor(
    private readonly processes: ProcessesService,
    private readonly tokens: TokensService,
  ) {}

  /**
   * @param key the Idempotency-Key: the same call again gets the same answer
   * @throws DomainError `hosted_verification_not_found`, also for the result of another process and for one that is not
   *   approved; `result_used`, `result_expired`
   */
  async redeem(
    context: CallContext,
    id: string,
    resultToken: string,
    key: string | undefined,
  ): Promise<Redemption> {
    const call =
      key === undefined ? newId() : this.tokens.operationKey(id, 'redeem', validIdempotencyKey(key));
    const known = await this.found(context, id);
    const verdict = this.tokens.judgeResult(resultToken, id, {
      since: known.process.approvedAt ?? known.now,
      now: known.now,
    });
    if (verdict === 'unknown') throw notFound();
    if (isSameRedemption(known.process, call)) return { process: known.process, replayed: true };
    if (known.process.redeemed) throw used();
    if (verdict === 'late') throw new DomainError('result_expired', { detail: LATE });
    return this.take(context, known, call);
  }

  /** Of two calls at once one writes, and the other finds what that wrote: the call's name tells which is which. */
  private async take({ actor }: CallContext, known: Known, call: string): Promise<Redemption> {
    const { process } = await this.processes.change(
      known,
      (current, now) => redeemed(current, call, now),
      (next) => hostedEvent('hosted_redeemed', next, actor),
    );
    if (!isSameRedemption(process, call)) throw used();
    return { process, replayed: false };
  }

  private async found({ application }: CallContext, id: string): Promise<Known> {
    const known = await this.processes.byId(id);
    const isTheirs = known?.process.applicationId === application.id && known.process.status === 'approved';
    if (!known || !isTheirs) throw notFound();
    return known;
  }
}

const LATE = 'Redeem a result as soon as the person is back; the page makes a new one while it is open.';

const notFound = (): DomainError => new DomainError('hosted_verification_not_found');
const used = (): DomainError =>
  new DomainError('result_used', {
    detail: 'A result works once. To repeat a call whose answer was lost, send its Idempotency-Key.',
  });
