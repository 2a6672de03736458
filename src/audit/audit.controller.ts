import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, RequireScope } from '../access/access.decorators';
import type { Principal } from '../access/principal';
import { auditListAnswer, auditQuery } from './audit.dto';
import type { AuditListAnswer, AuditQueryInput } from './audit.dto';
import { AuditPagesService } from './audit-pages.service';

@ApiTags('Audit')
@Controller('v1/audit/events')
export class AuditController {
  constructor(private readonly pages: AuditPagesService) {}

  @Get()
  @RequireScope('audit:read')
  @ApiOperation({
    summary: 'List audit events',
    description:
      "The calling application's events, newest first or as they came; about three seconds behind. Whoever reads on " +
      'from the last event that he has (`order=oldest&afterEvent=…`) misses none and gets none twice.',
  })
  @ApiResponse({ status: 200, description: 'A page of events.', standardSchema: auditListAnswer })
  list(
    @CurrentPrincipal() { applicationId }: Principal,
    @Query({ schema: auditQuery }) query: AuditQueryInput,
  ): Promise<AuditListAnswer> {
    return this.pages.list(applicationId, query);
  }
}
