import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors';
import { invalidRequest } from '../common/validation';
import { auditQuery, toAuditList, type AuditListAnswer, type AuditQueryInput } from './audit.dto';
import { AuditService } from './audit.service';

/** Pages of an application's log, as the API shows them. */
@Injectable()
export class AuditPagesService {
  constructor(private readonly audit: AuditService) {}

  /** For code in this process: its query is validated here, as the API's is at its edge. */
  async ask(applicationId: string, query: unknown): Promise<AuditListAnswer> {
    const result = auditQuery.safeParse(query);
    if (!result.success) throw invalidRequest(result.error.issues, query, 'query');
    return this.list(applicationId, result.data);
  }

  async list(
    applicationId: string,
    { cursor, afterEvent, ...filter }: AuditQueryInput,
  ): Promise<AuditListAnswer> {
    const from = afterEvent === undefined ? cursor : await this.positionOf(applicationId, afterEvent);
    const bound = filter.order === 'oldest' ? { abovePos: from } : { belowPos: from };
    return toAuditList(await this.audit.list({ ...filter, applicationId, ...bound }));
  }

  private async positionOf(applicationId: string, eventId: string): Promise<bigint> {
    const pos = await this.audit.positionOf(applicationId, eventId);
    if (pos !== null) return pos;
    const message = 'No event of this application has this id; it may have been removed by its age.';
    throw new DomainError('invalid_request', { errors: [{ path: 'afterEvent', message }] });
  }
}
