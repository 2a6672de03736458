import { mongo } from 'mongoose';
import type { AuditEventDocument } from '../../src/audit/audit.schema';
import type { ReadModelDocument } from '../../src/otp/relay/read-model/read-model.schema';
import type { Slot, VerificationRecord } from '../../src/otp/slots/slot';
import { aDelivery } from '../builders/slot-state.builder';
import type { Told } from './fault-client';
import { brokenPromises, everyTextIsPaid, judgeTexts } from './invariants';
import type { Call, Story } from './story';
import type { Truth } from './truth';

/** A judge that overlooks a broken promise proves nothing: each kind is planted here once. */
describe('the judge of a campaign', () => {
  const told = (body: Told['body']): Told => ({ status: 200, code: null, body, replayed: false });
  const call = (kind: Call['kind'], answer: Told | null, idempotencyKey: string | null = 'k'): Call => ({
    kind,
    right: answer?.body.valid === true,
    path: '',
    body: null,
    idempotencyKey,
    told: answer,
  });
  const story = (...checks: Call[]): Story => ({
    to: '+34600000000',
    calls: [call('create', told({ id: 'v1' })), ...checks],
    verificationId: 'v1',
    code: '123456',
    finished: true,
  });
  const wrong = call('check', told({ id: 'v1', valid: false }));
  const right = call('check', told({ id: 'v1', valid: true }));

  /** One verification: a wrong guess, then the right one. */
  const truth = (tamper: Partial<VerificationRecord> = {}, log?: readonly string[], failures = 0): Truth => {
    const record = {
      id: 'v1',
      status: 'approved',
      checksUsed: 2,
      seq: 4,
      expiresAt: new Date(0),
      endedAt: new Date(0),
      deliveries: [{ id: 'd1', state: 'accepted', provider: 'http', errorCode: null }],
      ...tamper,
    } as VerificationRecord;
    const types = log ?? ['created', 'sent', 'check_failed', 'approved'];
    const events = types.map(
      (type, n) =>
        ({ _id: `e${n}`, type, seq: n + 1, pos: mongo.Timestamp.fromInt(n + 1) }) as AuditEventDocument,
    );
    const slot = { _id: 's1', ids: ['v1'], current: record, past: [], failures } as unknown as Slot;
    return {
      slots: [slot],
      whole: new Map([['v1', record]]),
      slotOf: new Map([['v1', slot]]),
      copies: new Map([['v1', { ...record, _id: 'v1' } as unknown as ReadModelDocument]]),
      events: new Map([['v1', events]]),
      log: events,
      allottedMicros: 0,
    };
  };
  const pending = { status: 'pending', checksUsed: 1, seq: 3 } as const;
  const pendingLog = ['created', 'sent', 'check_failed'];

  it('finds nothing where everything is as it was told', () => {
    expect(brokenPromises([story(wrong, right)], truth())).toEqual([]);
    expect(brokenPromises([story(wrong)], truth(pending, pendingLog, 1))).toEqual([]);
    // Sent without a key and never told: it may have been charged, or not.
    expect(brokenPromises([story(call('check', null, null))], truth(pending, pendingLog, 1))).toEqual([]);
  });

  it.each([
    ['an approval that is gone', story(wrong, right), truth(pending, pendingLog, 1), /pending, told 1 right/],
    ['an approval that nobody was told', story(wrong), truth(), /approved, told 0 right/],
    ['two who were told yes', story(wrong, right, right), truth(), /2 callers were told valid: true/],
    [
      'a wrong guess that is forgotten',
      story(wrong, wrong, right),
      truth(),
      /2 checks charged, told 1 right, 2/,
    ],
    ['a wrong guess that is charged twice', story(right), truth(), /2 checks charged, told 1 right, 0 wrong/],
    [
      'failures that are forgotten',
      story(wrong),
      truth(pending, pendingLog, 0),
      /0 failures on the recipient/,
    ],
    [
      'a missing event',
      story(wrong, right),
      truth({}, ['created', 'check_failed', 'approved']),
      /3 events, version/,
    ],
    [
      'two events of one approval',
      story(wrong, right),
      truth({ seq: 5 }, ['created', 'sent', 'check_failed', 'approved', 'approved']),
      /2 approvals/,
    ],
    ['a lost create', story(wrong, right), { ...truth(), whole: new Map(), copies: new Map() }, /is lost/],
    ['a missing copy', story(wrong, right), { ...truth(), copies: new Map() }, /not in the read model/],
    [
      'two events at one position of the log',
      story(wrong, right),
      { ...truth(), log: truth().log.map((event) => ({ ...event, pos: mongo.Timestamp.fromInt(1) })) },
      /the log has e1 where another event stands/,
    ],
  ])('finds %s', (_, one, database, words) => {
    expect(brokenPromises([one], database).join('\n')).toMatch(words);
  });

  it('allows a second text only where the sender was killed right after the first, and with the same code', () => {
    const text = (at: number, code: string) => ({
      id: 'd1',
      to: '+34600000000',
      from: 'north0',
      text: `Your code is ${code}.`,
      at,
    });
    const killed = (killedAt: number | null) => [{ name: 'north0', killedAt, app: null as never }];
    const judge = (killedAt: number | null, second = '123456') =>
      judgeTexts([text(1_000, '123456'), text(40_000, second)], truth(), killed(killedAt));
    expect(judge(1_500)).toEqual({ broken: [], duplicates: 1 });
    expect(judge(9_000).broken.join()).toMatch(/sent again although north0 was not killed then/);
    expect(judge(null).broken).toHaveLength(1);
    const unknown = truth({
      deliveries: [aDelivery({ id: 'd1', state: 'unknown' })],
    });
    expect(judgeTexts([text(1_000, '123456')], unknown, killed(null)).broken.join()).toMatch(
      /wrote that down/,
    );
    expect(judgeTexts([text(1_000, '123456')], unknown, killed(1_500)).broken).toEqual([]);
    expect(judge(1_500, '654321').broken.join()).toMatch(/2 different codes/);
  });

  it('finds a text that no budget was charged for', () => {
    expect(everyTextIsPaid(3, { allottedMicros: 300 })).toEqual([]);
    expect(everyTextIsPaid(3, { allottedMicros: 299 })).toEqual([
      expect.stringContaining('3 texts cost 300'),
    ]);
  });
});
