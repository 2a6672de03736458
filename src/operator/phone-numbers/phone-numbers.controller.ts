import { Body, Controller, HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ServerSettings } from '../../../config/settings';
import { CurrentPrincipal, RequireScope } from '../../access/access.decorators';
import type { Principal } from '../../access/principal';
import { ApplicationsService } from '../../applications/applications.service';
import type { PhoneNumberReport } from '../../phone/phone-report';
import { PhoneService } from '../../phone/phone.service';
import {
  phoneNumberReportSchema,
  validatePhoneNumberSchema,
  type ValidatePhoneNumber,
} from './phone-numbers.dto';

@ApiTags('Phone numbers')
@Controller('v1/phone-numbers')
export class PhoneNumbersController {
  constructor(
    private readonly applications: ApplicationsService,
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
  async validate(
    @Body({ schema: validatePhoneNumberSchema }) { to, number = to, country }: ValidatePhoneNumber,
    @CurrentPrincipal() { applicationId }: Principal,
  ): Promise<PhoneNumberReport> {
    const { settings } = await this.applications.current(applicationId);
    return this.phones.report({ to: number ?? '', country }, settings, this.server.isProduction);
  }
}
