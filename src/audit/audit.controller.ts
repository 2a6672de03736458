import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, RequireScope } from '../access/access.decorators';
import type { Principal } from '../access/principal';
import { auditListAnswer, auditQuery, encodePosition, toAuditAnswer } from './audit.dto';
import type { AuditListAnswer, AuditQueryInput } from './audit.dto';
import { AuditService } from './audit.service';

@ApiTags('Audit')
@Controller('v1/audit/events')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @RequireScope('audit:read')
  @ApiOperation({
    summary: 'List audit events',
    description: "The calling application's events, newest first; about three seconds behind.",
  })
  @ApiResponse({ status: 200, description: 'A page of events.', standardSchema: auditListAnswer })
  async list(
    @CurrentPrincipal() { applicationId }: Principal,
    @Query({ schema: auditQuery }) { cursor, ...filter }: AuditQueryInput,
  ): Promise<AuditListAnswer> {
    const page = await this.audit.list({ ...filter, applicationId, belowPos: cursor });
    return {
      data: page.events.map(toAuditAnswer),
      nextCursor: page.nextPos === null ? null : encodePosition(page.nextPos),
    };
  }
}
