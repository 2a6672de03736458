import { Inject, Injectable } from '@nestjs/common';
import { ServerSettings } from '../../../../config/settings';
import { policyFor } from '../../slots/policy';
import type { Principal } from '../../../applications/application';
import { ApplicationsService } from '../../../applications/applications.service';
import type { Channel } from '../../../common/channel';
import { Random } from '../../../common/random';
import { PhoneService } from '../../../phone/phone.service';
import { maskNumber } from '../../../phone/phone-number';
import { ChannelsService } from '../../deliveries/channels.service';
import { generateCode } from './code';
import { deliveryOf, DEFAULT_PURPOSE, personalOf, withOverrides } from './start-plan';
import type { StartPlan } from './start-plan';
import type { CreateVerification } from '../verifications.dto';

/** What must be right about a create before anything is written, and the plan that comes of it. */
@Injectable()
export class PlanService {
  constructor(
    private readonly phones: PhoneService,
    private readonly applications: ApplicationsService,
    private readonly channels: ChannelsService,
    @Inject(Random) private readonly random: Random,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  /** @throws DomainError `phone_invalid`, `country_not_allowed`, `number_type_not_allowed`, `invalid_request` (21st purpose, a channel that leads nowhere) */
  async plan(principal: Principal, input: CreateVerification): Promise<StartPlan> {
    const { application } = principal;
    const number = this.phones.resolve(input, application, this.server.isProduction);
    const purpose = input.purpose ?? DEFAULT_PURPOSE;
    const steps = this.channels.plan(input, application, number.country);
    await this.applications.registerPurpose(application, purpose);
    const policy = withOverrides(policyFor(application.settings, purpose), input);
    return {
      principal,
      purpose,
      number,
      masked: maskNumber(number),
      policy,
      code: generateCode(this.random, { length: policy.codeLength, alphabet: policy.codeAlphabet }),
      personal: personalOf(input, number.e164),
      delivery: deliveryOf(input, steps[0].channel),
      steps,
    };
  }

  /** @throws DomainError `invalid_request` when a send by this channel could go nowhere */
  requireChannel(
    { application }: Principal,
    channel: Channel,
    to: { country: string | null; email: string | null },
  ): void {
    this.channels.require(channel, application, to);
  }
}
