import { Body, Controller, HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ServerSettings } from '../../config/settings';
import { CurrentPrincipal, RequireScope } from '../access/access.decorators';
import type { Principal } from '../applications/application';
import {
  phoneNumberReportSchema,
  validatePhoneNumberSchema,
  type PhoneNumberReport,
  type ValidatePhoneNumber,
} from './phone-numbers.dto';
import { PhoneService } from './phone.service';

@ApiTags('Phone numbers')
@Controller('v1/phone-numbers')
export class PhoneNumbersController {
  constructor(
    private readonly phones: PhoneService,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  @Post('validate')
  @HttpCode(HttpStatus.OK)
  @RequireScope('verifications:read')
  @ApiOperation({
    summary: 'Validate a phone number',
    description: 'What the server makes of an input, without sending or storing anything.',
  })
  @ApiResponse({ status: 200, description: 'Also for junk.', standardSchema: phoneNumberReportSchema })
  validate(
    @Body({ schema: validatePhoneNumberSchema }) body: ValidatePhoneNumber,
    @CurrentPrincipal() { application }: Principal,
  ): PhoneNumberReport {
    return this.phones.report(body, application, this.server.isProduction);
  }
}
