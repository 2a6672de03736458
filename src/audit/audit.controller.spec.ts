import { defaultPolicy } from '../otp/slots/policy';
import type { Principal } from '../applications/application';
import type { AuditEvent } from './audit-event';
import type { AuditLogService, AuditPage } from './audit-log.service';
import { AuditController } from './audit.controller';
import { auditListAnswer, auditQuery, encodePosition } from './audit.dto';

const principal = { application: { id: 'app', settings: { policy: defaultPolicy } } } as unknown as Principal;
const event: AuditEvent = {
  id: 'v.000001',
  type: 'created',
  applicationId: 'app',
  verificationId: 'v',
  seq: 1,
  at: new Date(Date.UTC(2026, 0, 1)),
  actor: 'key:k',
  purpose: 'default',
  to: '+34*******56',
  data: { country: 'ES' },
};

describe('GET /v1/audit/events', () => {
  const answer = (page: AuditPage) => {
    const asked: object[] = [];
    const log: Pick<AuditLogService, 'list'> = { list: async (query) => (asked.push(query), page) };
    return { controller: new AuditController(log as AuditLogService), asked };
  };

  it('answers what its schema says, and asks for its own application only', async () => {
    const { controller, asked } = answer({ events: [event], nextPos: 7 });
    const body = await controller.list(principal, auditQuery.parse({ limit: '1', type: 'created' }));
    expect(auditListAnswer.parse(body)).toEqual(body);
    expect(body).toMatchObject({ data: [{ id: 'v.000001', at: '2026-01-01T00:00:00.000Z' }] });
    expect(asked).toEqual([{ applicationId: 'app', limit: 1, type: 'created', belowPos: undefined }]);
    expect(auditQuery.parse({ cursor: body.nextCursor }).cursor).toBe(7);
  });

  const bad: [string, object, string][] = [
    ['a cursor from elsewhere', { cursor: 'abc' }, 'cursor'],
    ['a cursor in another spelling', { cursor: `${encodePosition(1)}=` }, 'cursor'],
    ['position 0', { cursor: encodePosition(0) }, 'cursor'],
    ['a cursor given twice', { cursor: ['MQ', 'MQ'] }, 'cursor'],
    ['an unknown type', { type: 'deleted' }, 'type'],
    ['a local time', { after: '2026-01-01T00:00:00' }, 'after'],
    ['a limit above 100', { limit: '101' }, 'limit'],
    ['a limit of 0', { limit: '0' }, 'limit'],
    ['an id with an operator', { verificationId: '{"$gt":""}' }, 'verificationId'],
  ];
  it.each(bad)('refuses %s and names it', (_, query, path) => {
    expect(auditQuery.safeParse(query).error?.issues[0]?.path).toEqual([path]);
  });

  it('refuses an unknown parameter', () => {
    expect(auditQuery.safeParse({ color: 'red' }).success).toBe(false);
  });
});
