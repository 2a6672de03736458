import { Body, Controller, HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';
import { ServerSettings } from '../../config/settings';
import { CurrentPrincipal, RequireScope } from '../applications/access.decorators';
import type { Principal } from '../applications/application';
import {
  validatePhoneNumberSchema,
  type PhoneNumberReport,
  type ValidatePhoneNumber,
} from './phone-numbers.dto';
import { PhoneService } from './phone.service';

@Controller('v1/phone-numbers')
export class PhoneNumbersController {
  constructor(
    private readonly phones: PhoneService,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  /** What the server makes of an input, without sending or storing anything: always 200, also for junk. */
  @Post('validate')
  @HttpCode(HttpStatus.OK)
  @RequireScope('verifications:read')
  validate(
    @Body({ schema: validatePhoneNumberSchema }) body: ValidatePhoneNumber,
    @CurrentPrincipal() { application }: Principal,
  ): PhoneNumberReport {
    return this.phones.report(body, application, this.server.isProduction);
  }
}
