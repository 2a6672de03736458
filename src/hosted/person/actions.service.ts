import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { NumberEcho } from '../../../web/verify/contract';
import { invalidRequest } from '../../common/validation';
import { normaliseCode } from '../../otp/verifications/start/code';
import { VerificationsService } from '../../otp/verifications/verifications.service';
import { hostedEvent } from '../process/events';
import { ProcessesService } from '../process/processes.service';
import { approved, canceled, guessedWrong, mayTypeNumber, numberChanged } from '../process/rules';
import { TokensService } from '../process/tokens.service';
import { noTrouble, troubleOf } from '../view/trouble';
import { checkAsk, numberAsk, resendAsk, sendAsk, type ActionName } from './ask.dto';
import { ProcessThrottle } from './process-throttle.service';
import { SendingService, type Acted } from './sending.service';
import { contextIn, ifOpen, standingIn, type Visit } from './visit';

/** What a person does at a process. The page and the component call it alike. */
@Injectable()
export class ActionsService {
  constructor(
    private readonly sending: SendingService,
    private readonly processes: ProcessesService,
    private readonly otp: VerificationsService,
    private readonly tokens: TokensService,
    private readonly throttle: ProcessThrottle,
  ) {}

  /** What is known of what was typed so far: from numbering plans and settings, and from nothing that anybody did. */
  echo({ known, application }: Visit, body: unknown): NumberEcho {
    this.throttle.look(known.process.id);
    return this.sending.echo(application, valid(numberAsk, body));
  }

  /** @param body as the browser sent it */
  async act(visit: Visit, action: ActionName, body: unknown): Promise<Acted> {
    this.throttle.act(visit.known.process.id);
    switch (action) {
      case 'send':
        return this.whileOpen(visit, () => this.sending.send(visit, valid(sendAsk, body)));
      case 'resend':
        return this.whileOpen(visit, () => this.sending.resend(visit, valid(resendAsk, body)));
      case 'check':
        return this.whileOpen(visit, () => this.check(visit, valid(checkAsk, body).code));
      case 'change':
        return this.changed(visit, numberChanged);
      case 'cancel':
        return this.cancel(visit);
    }
  }

  /**
   * A guess. Under a key of this process and code, so that the same guess twice is one, and a repeat after a crash finds
   * the yes that the first one got: only the answer to its own check approves a process.
   */
  private async check(visit: Visit, typed: string): Promise<Acted> {
    const mine = await this.bound(visit);
    const { code } = mine.known.process;
    if (standingIn(mine) !== 'open' || !code) return { visit: mine, trouble: noTrouble };
    const guess = normaliseCode(typed);
    if (guess === null) return { visit: mine, trouble: { problem: 'code_incomplete', typed } };
    const { verificationId } = code;
    return this.evaluated(mine, { verificationId, guess, typed });
  }

  private async evaluated(
    visit: Visit,
    { verificationId, guess, typed }: { verificationId: string; guess: string; typed: string },
  ): Promise<Acted> {
    const { process, now } = visit.known;
    const idempotencyKey = this.tokens.operationKey(process.id, 'check', verificationId, guess);
    const transaction = process.personal.transaction ?? undefined;
    const digest = process.personal.digest ?? undefined;
    try {
      const context = contextIn(visit);
      const { codeLength } = await this.otp.read(context, verificationId);
      if (guess.length !== codeLength) return { visit, trouble: { problem: 'code_incomplete', typed } };
      const checked = await this.otp.check(
        context,
        verificationId,
        { code: guess, ...(transaction && { transaction }), ...(digest !== undefined && { digest }) },
        { idempotencyKey },
      );
      if (checked.valid && checked.to !== null) return await this.approve(visit, verificationId, checked.to);
      return await this.wrong(visit, verificationId, {
        typed,
        left: checked.checks.max - checked.checks.used,
      });
    } catch (error) {
      const trouble = troubleOf(error, { now, isGiven: !mayTypeNumber(process), hadAnswer: false });
      if (trouble) return { visit, trouble: { ...trouble, typed } };
      throw error;
    }
  }

  private async approve(visit: Visit, verificationId: string, to: string): Promise<Acted> {
    const rule = ifOpen(visit.visitor, (process, now) => approved(process, { verificationId, to }, now));
    const known = await this.processes.change(visit.known, rule, (process) =>
      hostedEvent('hosted_approved', process, 'person'),
    );
    return { visit: { ...visit, known }, trouble: noTrouble };
  }

  private async wrong(
    visit: Visit,
    verificationId: string,
    { typed, left }: { typed: string; left: number },
  ): Promise<Acted> {
    const rule = ifOpen(visit.visitor, (process) => guessedWrong(process, verificationId));
    const known = await this.processes.change(visit.known, rule);
    const problem = left === 1 ? 'code_wrong_last' : 'code_wrong';
    return { visit: { ...visit, known }, trouble: left < 1 ? noTrouble : { problem, typed } };
  }

  private async cancel(visit: Visit): Promise<Acted> {
    const rule = ifOpen(visit.visitor, canceled);
    const known = await this.processes.change(visit.known, rule, (process) =>
      hostedEvent('hosted_canceled', process, 'person'),
    );
    return { visit: { ...visit, known }, trouble: noTrouble };
  }

  private async changed(visit: Visit, rule: typeof numberChanged): Promise<Acted> {
    const known = await this.processes.change(visit.known, ifOpen(visit.visitor, rule));
    return { visit: { ...visit, known }, trouble: noTrouble };
  }

  private async bound(visit: Visit): Promise<Visit> {
    const known = await this.processes.change(
      visit.known,
      ifOpen(visit.visitor, (process) => process),
    );
    return { ...visit, known };
  }

  private async whileOpen(visit: Visit, act: () => Promise<Acted>): Promise<Acted> {
    return standingIn(visit) === 'open' ? act() : { visit, trouble: noTrouble };
  }
}

function valid<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalidRequest(result.error.issues, body, 'body');
}
