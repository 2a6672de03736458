import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AuditSettings, ServerSettings } from '../../../config/settings';
import { PhoneService } from '../../phone/phone.service';
import { CurrentPrincipal, RequireScope } from '../../access/access.decorators';
import type { Principal } from '../../access/principal';
import { ApplicationsService } from '../../applications/applications.service';
import { ownRoutes } from '../../sms/settings/own-routes';
import { SmsService } from '../../sms/sms.service';
import { policyReport } from './policy-report';
import { policyAnswer, policyQuery, toAnswer, type PolicyAnswer, type PolicyQuery } from './policy.dto';

@ApiTags('Policy')
@Controller('v1/policy')
export class PolicyController {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly sms: SmsService,
    private readonly phones: PhoneService,
    @Inject(AuditSettings) private readonly audit: AuditSettings,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  @Get()
  @RequireScope('verifications:read')
  @ApiOperation({
    summary: 'Read the policy in force, and which clauses of standards it meets',
    description:
      'Effective values for a purpose: its own settings over those of the application over the defaults, within the ' +
      'profile. Every clause of NIST SP 800-63B-4, OWASP ASVS 5.0, PSD2 and PCI DSS that is about codes, met or not, ' +
      'whatever the profile.',
  })
  @ApiResponse({ status: 200, description: 'As it is now.', standardSchema: policyAnswer })
  async read(
    @Query({ schema: policyQuery }) { purpose }: PolicyQuery,
    @CurrentPrincipal() { applicationId }: Principal,
  ): Promise<PolicyAnswer> {
    const { settings } = await this.applications.current(applicationId);
    const report = policyReport(settings, purpose, {
      auditRetentionDays: this.audit.retentionDays,
      testNumbers: this.phones.testNumbersInForce(settings, this.server.isProduction),
      isRouted: (channel) => this.sms.isRouted(channel, ownRoutes(channel, settings)),
    });
    return toAnswer(report);
  }
}
