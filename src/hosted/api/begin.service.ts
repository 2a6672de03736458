import { Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors';
import { newId } from '../../common/ids';
import type { CallContext } from '../../otp/verifications/call-context';
import { canonicalJson, validIdempotencyKey } from '../../otp/verifications/idempotency/idempotency';
import { SendingService } from '../person/sending.service';
import { hostedEvent } from '../process/events';
import type { Process } from '../process/process';
import { ProcessesService, type Known } from '../process/processes.service';
import { TokensService } from '../process/tokens.service';
import { BeginChecks } from './begin-checks.service';
import type { CreateHosted } from './hosted-verifications.dto';
import { newProcess } from './new-process';

export interface Begun {
  readonly process: Process;
  /** Of the link or of the session. */
  readonly token: string;
  readonly replayed: boolean;
}

/** Begins processes for backends. */
@Injectable()
export class BeginService {
  constructor(
    private readonly processes: ProcessesService,
    private readonly tokens: TokensService,
    private readonly checks: BeginChecks,
    private readonly sending: SendingService,
  ) {}

  /** @throws DomainError as {@link BeginChecks.check}; `idempotency_key_reused`; with `send: "now"` as a create */
  async begin(context: CallContext, body: CreateHosted, key: string | undefined): Promise<Begun> {
    const to = await this.checks.check(context, body);
    const id = this.idOf(context, key);
    const { known, replayed } = await this.inserted(context, body, { id, to });
    const isSending = body.send === 'now' && known.process.code === null;
    const { process } = isSending ? await this.sent(context, known) : known;
    return { process, token: this.tokens.tokenOf(id, process.surface), replayed };
  }

  /** A repeat has the id of the first try, and so everything that is made from it. */
  private idOf({ application }: CallContext, key: string | undefined): string {
    return key === undefined ? newId() : this.tokens.processId(application.id, validIdempotencyKey(key));
  }

  private async inserted(
    { application, keyId, actor }: CallContext,
    body: CreateHosted,
    { id, to }: { readonly id: string; readonly to: string | null },
  ): Promise<{ readonly known: Known; readonly replayed: boolean }> {
    const now = await this.processes.now();
    const process = newProcess(body, { id, applicationId: application.id, keyId, to, now });
    const token = this.tokens.storedToken(this.tokens.tokenOf(id, process.surface), process.surface) ?? '';
    const fingerprint = this.tokens.operationKey(id, 'begin', canonicalJson(body));
    const known = { process, now, token, fingerprint };
    if (await this.processes.insert(known, hostedEvent('hosted_created', process, actor)))
      return { known, replayed: false };
    const first = await this.processes.byId(id);
    if (first?.fingerprint === fingerprint) return { known: first, replayed: true };
    throw new DomainError('idempotency_key_reused', {
      detail: 'This Idempotency-Key came with another request before. Use a new key for each request.',
    });
  }

  /** What only the person can answer is asked on the page. After any other refusal, nothing was begun. */
  private async sent(context: CallContext, known: Known): Promise<Known> {
    try {
      return await this.sending.begin(context, known);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'unavailable') throw error;
      if (error.code === 'challenge_required') return known;
      const { process } = known;
      await this.processes.remove(process.id, hostedEvent('hosted_canceled', process, context.actor));
      throw error;
    }
  }
}
