import { Inject, Injectable } from '@nestjs/common';
import { ServerSettings } from '../../../config/settings';
import { ApplicationsService } from '../../applications/applications.service';
import { DomainError, type FieldProblem } from '../../common/errors';
import type { CallContext } from '../../otp/verifications/call-context';
import { requireAllowed } from '../../otp/verifications/start/call-rules';
import { DEFAULT_PURPOSE } from '../../otp/verifications/start/start-plan';
import { VerificationsService } from '../../otp/verifications/verifications.service';
import { PhoneService } from '../../phone/phone.service';
import { requireShowable } from '../../sms/texts/shown-values';
import type { CreateHosted } from './hosted-verifications.dto';
import { addressProblems } from './new-process';

/** What must be right before a person is sent anywhere: they could do nothing about it. */
@Injectable()
export class BeginChecks {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly phones: PhoneService,
    private readonly otp: VerificationsService,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  /**
   * @returns the number that was given, in E.164; null without one
   * @throws DomainError `invalid_request`, `phone_invalid`, `country_not_allowed`, `number_type_not_allowed`
   */
  async check(context: CallContext, body: CreateHosted): Promise<string | null> {
    const { application } = context;
    refuse(addressProblems(body, application));
    const number = this.numberOf(context, body);
    const purpose = body.purpose ?? DEFAULT_PURPOSE;
    requireAllowed(body, context.policyOf(purpose), application.settings.profile);
    requireShowable({ ...body, purpose }, application.settings);
    refuse(this.channelProblems(context, body, { purpose, country: number?.country ?? null }));
    await this.applications.registerPurpose(application, purpose);
    return number?.e164 ?? null;
  }

  private numberOf({ application }: CallContext, { to, country }: CreateHosted) {
    if (to === undefined) return null;
    return this.phones.resolve({ to, country }, application.settings, this.server.isProduction);
  }

  private channelProblems(
    context: CallContext,
    { channels = [], email }: CreateHosted,
    { purpose, country }: { readonly purpose: string; readonly country: string | null },
  ): FieldProblem[] {
    const possible = this.otp.channelsTo(context, { country, email: email ?? null, purpose });
    return channels.flatMap((channel, index) => {
      if (possible.includes(channel)) return [];
      const remedy =
        channel === 'email' && email === undefined ? 'Give email, too.' : 'See allowedChannels and routes.';
      return [{ path: `channels.${index}`, message: `No code can go by ${channel}. ${remedy}` }];
    });
  }
}

function refuse(errors: readonly FieldProblem[]): void {
  if (errors.length === 0) return;
  throw new DomainError('invalid_request', { detail: 'See errors for what to change.', errors });
}
