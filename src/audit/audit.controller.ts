import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { DomainError } from '../common/errors';
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
    description:
      "The calling application's events, newest first or as they came; about three seconds behind. Whoever reads on " +
      'from the last event that he has (`order=oldest&afterEvent=…`) misses none and gets none twice.',
  })
  @ApiResponse({ status: 200, description: 'A page of events.', standardSchema: auditListAnswer })
  async list(
    @CurrentPrincipal() { applicationId }: Principal,
    @Query({ schema: auditQuery }) { cursor, afterEvent, ...filter }: AuditQueryInput,
  ): Promise<AuditListAnswer> {
    const from = afterEvent === undefined ? cursor : await this.positionOf(applicationId, afterEvent);
    const bound = filter.order === 'oldest' ? { abovePos: from } : { belowPos: from };
    const page = await this.audit.list({ ...filter, applicationId, ...bound });
    return {
      data: page.events.map(toAuditAnswer),
      nextCursor: page.nextPos === null ? null : encodePosition(page.nextPos),
    };
  }

  private async positionOf(applicationId: string, eventId: string): Promise<bigint> {
    const pos = await this.audit.positionOf(applicationId, eventId);
    if (pos !== null) return pos;
    const message = 'No event of this application has this id; it may have been removed by its age.';
    throw new DomainError('invalid_request', { errors: [{ path: 'afterEvent', message }] });
  }
}
