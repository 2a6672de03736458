import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { ServerSettings } from '../../../config/settings';
import type { NumberEcho } from '../../../web/verify/contract';
import type { Application } from '../../applications/application';
import { DomainError } from '../../common/errors';
import { PhoneService } from '../../phone/phone.service';
import type { CallContext } from '../../otp/verifications/call-context';
import { canonicalJson } from '../../otp/verifications/idempotency/idempotency';
import type { StartRequest } from '../../otp/verifications/start/start-plan';
import { VerificationsService, type Started } from '../../otp/verifications/verifications.service';
import { ProcessesService, type Known } from '../process/processes.service';
import { asked, hasMessagesLeft, mayTypeNumber, sent, withNumber } from '../process/rules';
import { TokensService } from '../process/tokens.service';
import { noTrouble, numberTrouble, troubleOf, type Trouble } from '../view/trouble';
import type { NumberAsk, ResendAsk, SendAsk } from './ask.dto';
import { contextIn, ifOpen, seenIn, standingIn, type Visit } from './visit';

/** For the first gateway: a number that no message reaches is told at once. */
const WAIT_SECONDS = 2;
/** For a double click: the second asks for what the first is doing. */
const REPEAT_EVERY_MS = 250;
const REPEATS = 12;

export interface Acted {
  readonly visit: Visit;
  readonly trouble: Trouble;
}

type Message = Parameters<typeof sent>[1];
type AboutSend = Pick<Visit, 'known' | 'webOtpDomain'> & Pick<StartRequest, 'locale' | 'clientIp'>;

/** Messages that a person asks for. */
@Injectable()
export class SendingService {
  constructor(
    private readonly processes: ProcessesService,
    private readonly otp: VerificationsService,
    private readonly phones: PhoneService,
    private readonly tokens: TokensService,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  /** A code to the number that was typed, or to the one that is there. */
  async send(visit: Visit, ask: SendAsk): Promise<Acted> {
    const number = this.numberOf(visit, ask);
    if (typeof number !== 'string') return { visit, trouble: number };
    if (!mayUse(visit, ask.channel)) return notThisWay(visit);
    const { claimed } = await this.claim(visit, ask.operation, number);
    if (standingIn(claimed) !== 'open') return { visit: claimed, trouble: noTrouble };
    if (!isClaimed(claimed, ask)) return atEnd(claimed);
    return this.orTrouble(claimed, ask, () => this.started(claimed, number, ask));
  }

  /** The same code again. An operation that was there before has sent already, or is about to. */
  async resend(visit: Visit, ask: ResendAsk): Promise<Acted> {
    const { code, personal } = visit.known.process;
    const { to } = personal;
    if (!code || to === null) return this.send(visit, ask);
    if (!mayUse(visit, ask.channel)) return notThisWay(visit);
    const { claimed, isFirst } = await this.claim(visit, ask.operation, to);
    if (standingIn(claimed) !== 'open') return { visit: claimed, trouble: noTrouble };
    if (!isClaimed(claimed, ask)) return atEnd(claimed);
    if (!isFirst) return { visit: claimed, trouble: noTrouble };
    return this.orTrouble(claimed, ask, async () => {
      const channel = ask.channel ?? code.channel;
      const message = { channel, locale: visit.locale };
      const { id, expiresAt } = await this.otp.send(contextIn(claimed), code.verificationId, message);
      return this.noted(claimed, to, { verificationId: id, channel, expiresAt });
    });
  }

  /** For a backend that sends at once. The process is nobody's before a person acts. */
  async begin(context: CallContext, known: Known): Promise<Known> {
    const { personal, locale } = known.process;
    const about = { known, locale: locale ?? undefined, clientIp: undefined, webOtpDomain: null };
    const message = await this.start(context, requestOf(about, personal.to ?? '', {}), 'begin');
    return this.processes.change(known, (process, now) => sent(process, message, now));
  }

  /**
   * The process is this visitor's from here on, its number is the one that was asked for, and the message is counted,
   * unless there have been too many.
   * @returns whether the operation is new: of two at once, one is
   */
  private async claim(visit: Visit, operation: string, to: string) {
    let isFirst = false;
    const rule = ifOpen(visit.visitor, (process) => {
      const numbered = mayTypeNumber(process) ? withNumber(process, to) : process;
      isFirst = process.operation !== operation && hasMessagesLeft(process);
      return isFirst ? asked(numbered, operation) : numbered;
    });
    const claimed = { ...visit, known: await this.processes.change(visit.known, rule) };
    return { claimed, isFirst };
  }

  private async started(visit: Visit, to: string, ask: ResendAsk): Promise<Visit> {
    const request = requestOf(visit, to, ask);
    const message = await this.start(contextIn(visit), request, `${visit.known.process.id} ${ask.operation}`);
    return this.noted(visit, to, message);
  }

  /** Once for each operation and all that it asks for. */
  private async start(context: CallContext, request: StartRequest, operation: string): Promise<Message> {
    const { challenge: _, ...asked } = request;
    const idempotencyKey = this.tokens.operationKey(operation, canonicalJson(asked));
    const { id, channel, expiresAt } = await this.untilItIsDone(() =>
      this.otp.start(context, request, { idempotencyKey, waitSeconds: WAIT_SECONDS }),
    );
    return { verificationId: id, channel: request.channel ?? channel, expiresAt };
  }

  private async untilItIsDone(start: () => Promise<Started>): Promise<Started> {
    for (let repeat = 0; ; repeat += 1) {
      try {
        return await start();
      } catch (error) {
        if (repeat === REPEATS || !isUnderWay(error)) throw error;
        await sleep(REPEAT_EVERY_MS);
      }
    }
  }

  /** Somebody who took the process over meanwhile keeps it, unless this message makes it this visitor's. */
  private async noted(visit: Visit, to: string, message: Message): Promise<Visit> {
    const rule = ifOpen(visit.visitor, (process, now) =>
      sent(mayTypeNumber(process) ? withNumber(process, to) : process, message, now),
    );
    return { ...visit, known: await this.processes.change(visit.known, rule) };
  }

  /** Nothing but what numbering plans and settings say. */
  echo({ settings }: Application, { number, country }: NumberAsk): NumberEcho {
    if (number.trim() === '') return { valid: false, shown: null, country: null, problem: 'number_missing' };
    const report = this.phones.report({ to: number, country }, settings, this.server.isProduction);
    const { international: shown, country: of } = report;
    if (report.valid && report.allowed) return { valid: true, shown, country: of, problem: null };
    const problem = numberTrouble(report.reason ?? report.allowedReason);
    return { valid: false, shown: null, country: of, problem };
  }

  /** The number that is there, or the one that was typed; or what is wrong with that. */
  private numberOf(visit: Visit, { number, country }: SendAsk): string | Trouble {
    const { to } = seenIn(visit).personal;
    if (to !== null && (number === undefined || !mayTypeNumber(visit.known.process))) return to;
    const typed = number ?? '';
    if (typed.trim() === '') return { screen: 'number', problem: 'number_missing' };
    const { settings } = visit.application;
    const report = this.phones.report({ to: typed, country }, settings, this.server.isProduction);
    if (report.e164 !== null && report.allowed) return report.e164;
    return { screen: 'number', problem: numberTrouble(report.reason ?? report.allowedReason), typed };
  }

  private async orTrouble(visit: Visit, ask: ResendAsk, act: () => Promise<Visit>): Promise<Acted> {
    try {
      return { visit: await act(), trouble: noTrouble };
    } catch (error) {
      const { process, now } = visit.known;
      const asking = { now, isGiven: !mayTypeNumber(process), hadAnswer: ask.challenge !== undefined };
      const trouble = troubleOf(error, asking);
      if (trouble) return { visit, trouble };
      throw error;
    }
  }
}

/** As many messages as one process may ask for went out. */
const atEnd = (visit: Visit): Acted => ({ visit, trouble: { screen: 'limit', until: null } });

/** Forged: the page offers only what may be used. */
const notThisWay = (visit: Visit): Acted => ({ visit, trouble: { problem: 'unavailable' } });

function mayUse({ known }: Visit, channel: SendAsk['channel']): boolean {
  const { channels } = known.process;
  return channel === undefined || channels === null || channels.includes(channel);
}

const isClaimed = ({ known }: Visit, { operation }: ResendAsk): boolean =>
  known.process.operation === operation;

const isUnderWay = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'idempotency_in_progress';

/** @param about whoever asks, in their language, from their address */
function requestOf(
  { known, locale, clientIp, webOtpDomain }: AboutSend,
  to: string,
  { channel, challenge }: Pick<ResendAsk, 'channel' | 'challenge'>,
): StartRequest {
  const { purpose, channels, personal } = known.process;
  return {
    to,
    purpose,
    channel: channel ?? channels?.[0],
    email: personal.email ?? undefined,
    locale,
    clientIp,
    challenge,
    transaction: personal.transaction ?? undefined,
    digest: personal.digest ?? undefined,
    metadata: personal.metadata ?? undefined,
    webOtpDomain: webOtpDomain ?? undefined,
  };
}
