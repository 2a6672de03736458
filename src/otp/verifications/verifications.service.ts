import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Channel } from '../../common/channel';
import { newId } from '../../common/ids';
import type { CheckOutcome } from '../slots/rules/check';
import type { CallContext } from './call-context';
import { ChecksService, type Recipient, type RecipientName } from './checks.service';
import type { StartAnswer } from './commands.service';
import { isAboutKey, type RunIds } from './idempotency/idempotency';
import { IdempotencyService, type Call, type Ran, type Result } from './idempotency/idempotency.service';
import { ReaderService, type ListQuery, type VerificationPage } from './read/reader.service';
import type { VerificationView } from './read/verification.view';
import { normaliseCode } from './start/code';
import type { Guess } from './start/codes.service';
import type { StartRequest } from './start/start-plan';
import { RefusalsService } from './refusals.service';
import { SendsService, type PlannedStart } from './sends.service';
import { notACode } from './verification.errors';

/** How a call was made, besides what it asks for. */
export interface CallOptions {
  readonly idempotencyKey?: string | undefined;
  /** How long to wait for the first outcome of the message. */
  readonly waitSeconds?: number | undefined;
}

/** `quiet`: the pending verification serves, and its last message is too recent for another one. */
export type StartOutcome = 'started' | 'joined' | 'quiet';
type Verdict = 'right' | 'wrong';

const startWords = { started: 'started', joined: 'joined', joined_quietly: 'quiet' } as const;
/** A guess was wrong, whether or not it was the last one. */
const verdicts = { approved: 'right', wrong: 'wrong', failed: 'wrong' } as const;

/** `replayed`: the call was made before with the same key; this is its outcome, and the verification as it is now. */
export type Started = VerificationView & { readonly outcome: StartOutcome; readonly replayed: boolean };
/** Only `valid: true` is a yes. A wrong guess is an answer as well; why nothing was evaluated is an error. */
export type Checked = VerificationView & { readonly valid: boolean; readonly replayed: boolean };

export type RecipientGuess = RecipientName &
  Pick<Guess, 'code'> &
  Partial<Pick<Guess, 'transaction' | 'digest' | 'deviceId'>>;

/** The verification only with a right guess. */
export type RecipientChecked =
  | { readonly valid: true; readonly verification: VerificationView; readonly replayed: boolean }
  | { readonly valid: false; readonly verification: null; readonly replayed: boolean };

/** What a guess that was not right is remembered with. */
const nothing = { id: '' };

/** By then a guess that was charged is written, too: how long an answer takes does not say whether there was a code. */
const FALSE_AFTER_MS = 100;

/** Verifications as the API calls them, and other APIs beside it with contexts of their own. */
@Injectable()
export class VerificationsService {
  constructor(
    private readonly sends: SendsService,
    private readonly checks: ChecksService,
    private readonly reader: ReaderService,
    private readonly calls: IdempotencyService,
    private readonly refusals: RefusalsService,
  ) {}

  /** Sends a code to a person: of a new verification, or of the pending one that serves. */
  async start(context: CallContext, request: StartRequest, options: CallOptions = {}): Promise<Started> {
    const planned = await this.sends.plan(context, request);
    const newIds = { opId: newId(), verificationId: planned.plan.verificationId };
    // A person who answers another challenge asks for nothing else.
    const { challenge: _, ...asked } = request;
    const key = options.idempotencyKey;
    const call = { route: 'create', target: '', key, request: asked, newIds } as const;
    const started = await this.once(context, call, (ids) => this.startOnce(context, planned, ids));
    if (!options.waitSeconds || started.replayed) return started;
    const isChanged = await this.sends.whenSent(started, options.waitSeconds * 1000);
    return isChanged ? { ...started, ...(await this.read(context, started.id)) } : started;
  }

  /** Evaluates a guess. */
  async check(
    context: CallContext,
    id: string,
    guess: Pick<Guess, 'code'> & Partial<Pick<Guess, 'transaction' | 'digest' | 'deviceId'>>,
    options: Pick<CallOptions, 'idempotencyKey'> = {},
  ): Promise<Checked> {
    const code = normaliseCode(guess.code);
    if (code === null) throw notACode();
    // What cannot be an id is refused before anything is said about the key.
    this.checks.requireId(id);
    const request = { ...guess, code };
    const newIds = { opId: newId(), verificationId: id };
    const call = { route: 'check', target: id, key: options.idempotencyKey, request, newIds } as const;
    const { transaction, digest, deviceId } = guess;
    const asked = { verificationId: id, code, transaction, digest, deviceId };
    const checked = await this.once(context, call, (ids) => this.checkOnce(context, asked, ids));
    return Object.assign(checked, { valid: checked.outcome === 'right' });
  }

  /**
   * Evaluates a guess at whatever is pending for somebody. All that is not right looks the same from outside: wrong,
   * locked, ended, nothing pending, never seen. See ADR 0026.
   */
  async checkRecipient(
    context: CallContext,
    { to, country, purpose, ...guess }: RecipientGuess,
    options: Pick<CallOptions, 'idempotencyKey'> = {},
  ): Promise<RecipientChecked> {
    const code = normaliseCode(guess.code);
    if (code === null) throw notACode();
    const recipient = this.checks.recipient(context, { to, country, purpose });
    const notBefore = sleep(FALSE_AFTER_MS, undefined, { ref: false });
    const { transaction, digest, deviceId } = guess;
    const asked = { code, transaction, digest, deviceId };
    const ran = await this.calls.run(
      {
        ...{ applicationId: context.application.id, route: 'check_recipient', target: '' },
        key: options.idempotencyKey,
        request: { ...asked, to: recipient.e164, purpose: recipient.purpose },
        newIds: { opId: newId(), verificationId: nothing.id },
      },
      (ids) => this.checkRecipientOnce(context, recipient, asked, ids),
    );
    const { replayed } = ran;
    if (ran.outcome === 'right')
      return { valid: true, replayed, verification: await this.rightOne(context, ran) };
    await notBefore;
    return { valid: false, replayed, verification: null };
  }

  /** The same code again, to the same person; by the verification's first channel unless another is named. */
  async send(
    context: CallContext,
    id: string,
    ask: { readonly channel?: Channel | undefined; readonly locale?: string | undefined } = {},
  ): Promise<VerificationView> {
    this.sends.admit();
    const verification = await this.read(context, id);
    const { outcome, ...answered } = await this.sends.resend(context, verification, ask);
    if (outcome.kind === 'resent') return this.reader.view(context.application.id, answered, id);
    throw await this.refusals.refuse(context, id, { ...answered, outcome });
  }

  /** The code is worth nothing from now on; also when it was canceled before. */
  async cancel(context: CallContext, id: string): Promise<VerificationView> {
    const { outcome, ...answered } = await this.checks.cancel(context, id);
    if (outcome.kind === 'canceled') return this.reader.view(context.application.id, answered, id);
    const refused = await this.refusals.reason(context, id, { ...answered, outcome });
    const { outcome: reason } = refused;
    if (reason.kind === 'ended' && reason.status === 'canceled') return this.read(context, id);
    throw this.refusals.error(context, refused, id);
  }

  /** @throws DomainError `verification_not_found`, for another application's id too */
  read({ application }: CallContext, id: string): Promise<VerificationView> {
    return this.reader.read(application.id, id);
  }

  /** @throws DomainError `phone_invalid` for `to`, `invalid_request` for a cursor that is none */
  list({ application }: CallContext, query: ListQuery): Promise<VerificationPage> {
    return this.reader.list(application.id, query);
  }

  /** By which channels a message could go to this person now, in no particular order. */
  channelsTo(
    context: CallContext,
    person: Pick<VerificationView, 'country' | 'email' | 'purpose'>,
  ): Channel[] {
    return this.sends.channelsTo(context, person);
  }

  /** A call that takes effect once per key. */
  private async once<Outcome extends string>(
    context: CallContext,
    call: Omit<Call, 'applicationId'>,
    run: (ids: RunIds) => Promise<Result<Outcome, VerificationView>>,
  ): Promise<VerificationView & { readonly outcome: Outcome; readonly replayed: boolean }> {
    try {
      const ran = await this.calls.run({ applicationId: context.application.id, ...call }, run);
      const { outcome, replayed } = ran;
      const verification = ran.replayed ? await this.read(context, ran.verificationId) : ran.verification;
      // The view is this call's own, and copying it costs more than making it.
      return Object.assign(verification, { outcome, replayed });
    } catch (error) {
      // An unknown verification is told before anything about the key is.
      if (isAboutKey(error) && call.target !== '') await this.read(context, call.target);
      throw error;
    }
  }

  private async startOnce(
    context: CallContext,
    planned: PlannedStart,
    ids: RunIds,
  ): Promise<Result<StartOutcome, VerificationView>> {
    const { outcome, ...answered } = await this.sends.start(context, planned, ids);
    if (!isStart(outcome)) throw this.refusals.error(context, { ...answered, outcome });
    const { kind, verificationId } = outcome;
    if (kind === 'joined_quietly') this.refusals.recordQuietJoin(context, answered.slot, verificationId);
    const known = kind === 'started' ? planned.plan.personal : undefined;
    const verification = await this.reader.view(context.application.id, answered, verificationId, known);
    return { outcome: startWords[kind], verification };
  }

  private async checkOnce(
    context: CallContext,
    guess: Guess,
    ids: RunIds,
  ): Promise<Result<Verdict, VerificationView>> {
    const { verificationId } = guess;
    const { outcome, ...answered } = await this.checks.check(context, guess, ids);
    if (!isEvaluated(outcome))
      throw await this.refusals.refuse(context, verificationId, { ...answered, outcome });
    const verification = await this.reader.view(context.application.id, answered, verificationId);
    if (outcome.kind === 'approved') this.sends.confirmed(context, verification, guess.deviceId);
    return { outcome: verdicts[outcome.kind], verification };
  }

  private async checkRecipientOnce(
    context: CallContext,
    recipient: Recipient,
    guess: Omit<Guess, 'verificationId'>,
    ids: RunIds,
  ): Promise<Result<Verdict, VerificationView | typeof nothing>> {
    const { outcome, ...answered } = await this.checks.checkRecipient(context, recipient, guess, ids);
    if (outcome.kind === 'unknown_key') throw this.refusals.error(context, { ...answered, outcome });
    if (outcome.kind === 'locked' || outcome.kind === 'nothing_pending')
      this.refusals.recordRecipient(context, recipient, { ...answered, outcome });
    if (outcome.kind !== 'approved') return { outcome: 'wrong', verification: nothing };
    const verification = await this.reader.view(context.application.id, answered, outcome.verificationId);
    this.sends.confirmed(context, verification, guess.deviceId);
    return { outcome: 'right', verification };
  }

  private async rightOne(
    context: CallContext,
    ran: Ran<Verdict, VerificationView | typeof nothing>,
  ): Promise<VerificationView> {
    if (!ran.replayed && 'status' in ran.verification) return ran.verification;
    return this.read(context, ran.replayed ? ran.verificationId : ran.verification.id);
  }
}

type Made = Extract<StartAnswer['outcome'], { kind: keyof typeof startWords }>;
const isStart = (outcome: StartAnswer['outcome']): outcome is Made => outcome.kind in startWords;

type Evaluated = Extract<CheckOutcome, { kind: keyof typeof verdicts }>;
const isEvaluated = (outcome: CheckOutcome): outcome is Evaluated => outcome.kind in verdicts;
