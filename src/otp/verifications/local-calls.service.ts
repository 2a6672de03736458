import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ApplicationsService } from '../../applications/applications.service';
import { invalidRequest } from '../../common/validation';
import { contextOf, type CallContext } from './call-context';
import { recipientCheckSchema, type RecipientCheckAnswer } from './recipients/recipient-checks.dto';
import { createVerificationSchema } from './start/start.dto';
import {
  checkSchema,
  listSchema,
  sendSchema,
  toAnswer,
  toListQuery,
  type CheckAnswer,
  type ListAnswer,
  type VerificationAnswer,
} from './verifications.dto';
import { VerificationsService, type CallOptions, type StartOutcome } from './verifications.service';

/** Names the callers of this process in events, where other calls have the id of their key. */
const LOCAL_KEY_ID = 'in-process';

export type LocalStart = VerificationAnswer & { readonly outcome: StartOutcome; readonly replayed: boolean };
export type LocalRecipientCheck = RecipientCheckAnswer & { readonly replayed: boolean };
export type LocalCheck = CheckAnswer & { readonly replayed: boolean };

/**
 * The calls of the API for code in this process: the same bodies, validated by the same schemas, and the same answers,
 * without HTTP around them and without a key. Whoever runs in the process may do everything.
 */
@Injectable()
export class LocalCallsService {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly otp: VerificationsService,
  ) {}

  async start(applicationId: string, body: unknown, options: CallOptions): Promise<LocalStart> {
    const request = parsed(createVerificationSchema, body, 'body');
    const started = await this.otp.start(await this.context(applicationId), request, options);
    return { ...toAnswer(started), outcome: started.outcome, replayed: started.replayed };
  }

  async check(
    applicationId: string,
    id: string,
    body: unknown,
    options: Pick<CallOptions, 'idempotencyKey'>,
  ): Promise<LocalCheck> {
    const guess = parsed(checkSchema, body, 'body');
    const checked = await this.otp.check(await this.context(applicationId), id, guess, options);
    return { ...toAnswer(checked), valid: checked.valid, replayed: checked.replayed };
  }

  async checkRecipient(
    applicationId: string,
    body: unknown,
    options: Pick<CallOptions, 'idempotencyKey'>,
  ): Promise<LocalRecipientCheck> {
    const guess = parsed(recipientCheckSchema, body, 'body');
    const checked = await this.otp.checkRecipient(await this.context(applicationId), guess, options);
    const { valid, verification, replayed } = checked;
    return { valid, verification: verification && toAnswer(verification), replayed };
  }

  async send(applicationId: string, id: string, body: unknown): Promise<VerificationAnswer> {
    const ask = parsed(sendSchema, body, 'body');
    return toAnswer(await this.otp.send(await this.context(applicationId), id, ask));
  }

  async cancel(applicationId: string, id: string): Promise<VerificationAnswer> {
    return toAnswer(await this.otp.cancel(await this.context(applicationId), id));
  }

  async get(applicationId: string, id: string): Promise<VerificationAnswer> {
    return toAnswer(await this.otp.read(await this.context(applicationId), id));
  }

  async list(applicationId: string, query: unknown): Promise<ListAnswer> {
    const asked = toListQuery(parsed(listSchema, query, 'query'));
    const { items, nextCursor } = await this.otp.list(await this.context(applicationId), asked);
    return { data: items.map(toAnswer), nextCursor };
  }

  private async context(applicationId: string): Promise<CallContext> {
    return contextOf(await this.applications.current(applicationId), LOCAL_KEY_ID);
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown, root: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw invalidRequest(result.error.issues, value, root);
  return result.data;
}
