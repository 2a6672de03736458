import { Inject, Injectable } from '@nestjs/common';
import { ServerSettings } from '../../../config/settings';
import { policyFor } from '../../applications/application';
import type { Principal } from '../../applications/application';
import { ApplicationsService } from '../../applications/applications.service';
import { Random } from '../../common/random';
import { PhoneService } from '../../phone/phone.service';
import { maskNumber } from '../../phone/phone-number';
import { CheckService } from '../check.service';
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
    private readonly checks: CheckService,
    @Inject(Random) private readonly random: Random,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  /** @throws DomainError `phone_invalid`, `country_not_allowed`, `number_type_not_allowed`, `invalid_request` (21st purpose) */
  async plan(principal: Principal, input: CreateVerification): Promise<StartPlan> {
    const { application } = principal;
    const number = this.phones.resolve(input, application, this.server.isProduction);
    const purpose = input.purpose ?? DEFAULT_PURPOSE;
    await this.applications.registerPurpose(application, purpose);
    const policy = withOverrides(policyFor(application.settings, purpose), input);
    return {
      principal,
      purpose,
      number,
      masked: maskNumber(number),
      policy,
      code: generateCode(this.random, { length: policy.codeLength, alphabet: policy.codeAlphabet }),
      transactionDigest: this.checks.digest(input.transaction),
      personal: personalOf(input, number.e164),
      delivery: deliveryOf(input),
    };
  }
}
