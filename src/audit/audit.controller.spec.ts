import type { Principal } from '../access/principal';
import type { AuditEvent } from './audit-event';
import { AuditPagesService } from './audit-pages.service';
import { AuditController } from './audit.controller';
import { auditListAnswer, auditQuery, encodePosition } from './audit.dto';
import type { AuditPage, AuditService } from './audit.service';

const principal: Principal = {
  applicationId: 'app',
  keyId: 'k',
  scopes: ['audit:read'],
  actor: 'key:k',
};
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
    const audit: Pick<AuditService, 'list'> = { list: async (query) => (asked.push(query), page) };
    return { controller: new AuditController(new AuditPagesService(audit as AuditService)), asked };
  };

  it('answers what its schema says, and asks for its own application only', async () => {
    const { controller, asked } = answer({ events: [event], nextPos: 7712773021705961490n });
    const body = await controller.list(principal, auditQuery.parse({ limit: '1', type: 'created' }));
    expect(auditListAnswer.parse(body)).toEqual(body);
    expect(body).toMatchObject({ data: [{ id: 'v.000001', at: '2026-01-01T00:00:00.000Z' }] });
    expect(asked).toEqual([
      { applicationId: 'app', limit: 1, type: 'created', order: 'newest', belowPos: undefined },
    ]);
    expect(auditQuery.parse({ cursor: body.nextCursor }).cursor).toBe(7712773021705961490n);
  });

  const bad: [string, object, string][] = [
    ['a cursor from elsewhere', { cursor: 'abc' }, 'cursor'],
    ['a cursor in another spelling', { cursor: `${encodePosition(1n)}=` }, 'cursor'],
    ['position 0', { cursor: encodePosition(0n) }, 'cursor'],
    ['a position beyond 64 bits', { cursor: encodePosition(2n ** 64n) }, 'cursor'],
    ['a cursor given twice', { cursor: ['MQ', 'MQ'] }, 'cursor'],
    ['an unknown type', { type: 'deleted' }, 'type'],
    ['a local time', { after: '2026-01-01T00:00:00' }, 'after'],
    ['a limit above 100', { limit: '101' }, 'limit'],
    ['a limit of 0', { limit: '0' }, 'limit'],
    ['an order that there is not', { order: 'asc' }, 'order'],
    ['an event to go on after, newest first', { afterEvent: 'v.000001' }, 'afterEvent'],
    [
      'two places to go on from',
      { order: 'oldest', afterEvent: 'v.000001', cursor: encodePosition(1n) },
      'afterEvent',
    ],
    ['an event with an operator', { order: 'oldest', afterEvent: '{"$gt":""}' }, 'afterEvent'],
    ['an id with an operator', { verificationId: '{"$gt":""}' }, 'verificationId'],
  ];
  it.each(bad)('refuses %s and names it', (_, query, path) => {
    expect(auditQuery.safeParse(query).error?.issues[0]?.path).toEqual([path]);
  });

  it('refuses an unknown parameter', () => {
    expect(auditQuery.safeParse({ color: 'red' }).success).toBe(false);
  });
});
