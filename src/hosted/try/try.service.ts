import { Injectable } from '@nestjs/common';
import type { TryProof, TryState } from '../../../web/try/contract';
import { DomainError } from '../../common/errors';
import { SandboxService } from '../../sms/sandbox/sandbox.service';
import { BeginService } from '../api/begin.service';
import { RedeemService } from '../api/redeem.service';
import { ProcessesService } from '../process/processes.service';
import { TryApplication } from './try-application.service';

const MAX_MESSAGES = 20;

/** The backend of a company that uses the product, as a backend in another process would be. */
@Injectable()
export class TryService {
  constructor(
    private readonly application: TryApplication,
    private readonly beginning: BeginService,
    private readonly redeeming: RedeemService,
    private readonly processes: ProcessesService,
    private readonly sandbox: SandboxService,
  ) {}

  /** @returns the id to be kept in the visitor's session, and the token of the link */
  async begin(): Promise<{ readonly id: string; readonly token: string }> {
    const { returnUrl } = this.application;
    const begun = await this.beginning.begin(await this.application.context(), { returnUrl }, undefined);
    return { id: begun.process.id, token: begun.token };
  }

  /** @param id of the visitor's session, never of the address */
  async redeem(id: string | undefined, result: string): Promise<TryProof> {
    if (id === undefined) throw nothingBegun();
    const { process } = await this.redeeming.redeem(await this.application.context(), id, result, undefined);
    const { approvedAt, personal } = process;
    return { valid: true, to: personal.to ?? '', approvedAt: (approvedAt ?? new Date()).toISOString() };
  }

  /** What the phone of this visit has got so far. */
  async state(id: string | undefined): Promise<TryState> {
    const known = id === undefined ? null : await this.processes.byId(id);
    const { application } = await this.application.context();
    if (known?.process.applicationId !== application.id) throw nothingBegun();
    const { personal, createdAt, hasSent, redeemed } = known.process;
    const { to } = personal;
    if (to === null) return { step: 'number', messages: [] };
    const { data } = await this.sandbox.list(application.id, to, { after: null, limit: MAX_MESSAGES });
    return {
      step: redeemed ? 'done' : hasSent ? 'code' : 'number',
      messages: data
        .filter(({ sentAt }) => sentAt >= createdAt)
        .map(({ id: name, channel, text, code, sentAt }) => ({
          id: name,
          channel,
          text,
          code,
          sentAt: sentAt.toISOString(),
        })),
    };
  }
}

const nothingBegun = (): DomainError =>
  new DomainError('not_found', { detail: 'Nothing was begun in this browser: load the page again.' });
