import { Inject, Injectable } from '@nestjs/common';
import { ServerSettings } from '../../../../config/settings';
import type { Application } from '../../../applications/application';
import { ApplicationsService } from '../../../applications/applications.service';
import { ownRoutes } from '../../../sms/settings/own-routes';
import type { Channel } from '../../../common/channel';
import { KeyRing } from '../../../keys/key-ring.service';
import type { CallCost } from '../../../limits/money/estimate';
import { PhoneService } from '../../../phone/phone.service';
import { SmsService } from '../../../sms/sms.service';
import { requireShowable } from '../../../sms/texts/shown-values';
import type { Policy } from '../../policy/policy';
import type { CallContext } from '../call-context';
import type { VerificationView } from '../read/verification.view';
import { isPossible, planChannels, requireChannel, type ChannelRules } from './channel-plan';
import { requireAllowed } from './call-rules';
import { deviceIn } from './device';
import { expectedText, type ExpectedMessage } from './expected-text';
import { DEFAULT_PURPOSE, planOf, withOverrides, type StartPlan, type StartRequest } from './start-plan';

/** What must be right about a message before anything is written, and the plan that comes of it. */
@Injectable()
export class PlanService {
  constructor(
    private readonly phones: PhoneService,
    private readonly applications: ApplicationsService,
    private readonly sms: SmsService,
    private readonly keys: KeyRing,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  /** @throws DomainError as {@link look}, and `invalid_request` for the 21st purpose */
  async plan(context: CallContext, request: StartRequest): Promise<StartPlan> {
    const plan = this.look(context, request);
    await this.applications.registerPurpose(context.application, plan.slot.purpose);
    return plan;
  }

  /**
   * The same without any effect: a purpose that nobody has used stays unused.
   * @throws DomainError `phone_invalid`, `country_not_allowed`, `number_type_not_allowed`, `invalid_request` (a channel
   *   that leads nowhere, a link in a payee or a shown digest, what the policy or its profile does not allow)
   */
  look(context: CallContext, request: StartRequest): StartPlan {
    const { application } = context;
    const number = this.phones.resolve(request, application.settings, this.server.isProduction);
    const purpose = request.purpose ?? DEFAULT_PURPOSE;
    requireShowable({ ...request, purpose }, application.settings);
    const policy = context.policyOf(purpose);
    requireAllowed(request, policy, application.settings.profile);
    const rules = { allowed: policy.allowedChannels, isOffered: this.offeredTo(number.country, application) };
    const steps = planChannels(request, application.settings.channels, rules);
    const name = this.keys.slotName(application.id, purpose, number.e164);
    const recipient = this.keys.recipientKey(application.id, number.e164);
    const testCode =
      this.phones.testNumber(number, application.settings, this.server.isProduction)?.code ?? null;
    const place = { channel: steps[0].channel, country: number.country, purpose };
    return planOf(request, {
      slot: { _id: name._id, key: name.key, applicationId: application.id, purpose, recipient },
      verificationId: this.keys.newVerificationId(name._id),
      number,
      steps,
      policy,
      testCode,
      device: deviceIn(this.keys, name._id, request.deviceId),
      cost: () => this.firstCost(application, { ...expectedOf(request, policy), ...place }),
    });
  }

  /** @throws DomainError `invalid_request` when a message by this channel may not be sent, or could go nowhere */
  requireChannel(
    { application, policyOf }: CallContext,
    channel: Channel,
    { country, email, purpose }: Pick<VerificationView, 'country' | 'email' | 'purpose'>,
  ): void {
    const allowed = policyOf(purpose).allowedChannels;
    requireChannel(channel, 'channel', { allowed, isOffered: this.offeredTo(country, application) }, email);
  }

  /** By which channels a message could go there now, in no particular order; a text always counts as possible. */
  channelsTo(
    { application, policyOf }: CallContext,
    { country, email, purpose }: Pick<VerificationView, 'country' | 'email' | 'purpose'>,
  ): Channel[] {
    const isOffered = this.offeredTo(country, application);
    const allowed = policyOf(purpose).allowedChannels;
    return allowed.filter((channel) => isPossible(channel, { allowed, isOffered }, email));
  }

  /** What the first gateway call of a resend may cost. */
  resendCost(
    { application }: CallContext,
    verification: VerificationView,
    ask: { readonly channel: Channel; readonly locale: string | null },
  ): CallCost {
    const { country, purpose, codeLength, transaction, digest, createdAt, expiresAt } = verification;
    const secondsLeft = Math.ceil((expiresAt.getTime() - createdAt.getTime()) / 1000);
    const message = { country, purpose, codeLength, transaction, digest, secondsLeft };
    return this.firstCost(application, { ...ask, ...message });
  }

  private firstCost(application: Application, message: ExpectedMessage): CallCost {
    const { channel, country } = message;
    const text = channel === 'sms' ? expectedText(application.settings, message, this.sms.texts) : '';
    return this.sms.costOf({ channel, country, text }, ownRoutes(channel, application.settings));
  }

  private offeredTo(country: string | null, { settings }: Application): ChannelRules['isOffered'] {
    return (channel) => this.sms.candidates(channel, country, ownRoutes(channel, settings)).length > 0;
  }
}

function expectedOf(request: StartRequest, policy: Policy) {
  const { locale, transaction, digest, appHash, webOtpDomain } = request;
  const { codeLength, ttlSeconds } = withOverrides(policy, request);
  return { locale, transaction, digest, appHash, webOtpDomain, codeLength, secondsLeft: ttlSeconds };
}
