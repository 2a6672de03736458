import { aDelivery, aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import { sendWindow, whyNoSend } from './send-window';

const rules = { windowMs: 60_000, sendsMax: 2, cooldownMs: 30_000 };

describe('the window of sends', () => {
  // Catches: a send that is forgotten a millisecond early, and so one message too many on somebody's bill.
  it('counts a send until the last millisecond of its window', () => {
    expect(sendWindow([at(0)], rules, at(59_999)).inWindow).toEqual([at(0)]);
    expect(sendWindow([at(0)], rules, at(60_000)).inWindow).toEqual([]);
  });

  it.each<[what: string, sends: number[], sendsMax: number, ms: number, until: number | null]>([
    ['is open without sends', [], 1, 0, null],
    ['is open with room for one', [0], 2, 59_999, null],
    ['is full with as many sends as it takes, until the oldest leaves', [0], 1, 59_999, 60_000],
    ['opens when the oldest leaves', [0, 40_000], 2, 60_000, null],
    ['is full until then', [0, 40_000], 2, 59_999, 60_000],
    [
      'waits for as many to leave as make room for one, when a setting was lowered',
      [0, 10, 20],
      2,
      50,
      60_010,
    ],
    ['takes them by time, not by place', [20, 0, 10], 1, 50, 60_020],
  ])('%s', (_, sends, sendsMax, ms, until) => {
    const { fullUntil } = sendWindow(sends.map(at), { ...rules, sendsMax }, at(ms));
    expect(fullUntil).toEqual(until === null ? null : at(until));
  });

  it.each<[what: string, sends: number[], cooldownMs: number, ms: number, until: number | null]>([
    ['has no cool-down without sends', [], 30_000, 0, null],
    ['cools down in the last millisecond', [0], 30_000, 29_999, 30_000],
    ['has cooled down at the end', [0], 30_000, 30_000, null],
    ['cools down from the latest send', [20_000, 0], 30_000, 49_999, 50_000],
    ['never cools down when the setting is 0', [0], 0, 0, null],
  ])('%s', (_, sends, cooldownMs, ms, until) => {
    const { coolingUntil } = sendWindow(sends.map(at), { ...rules, cooldownMs }, at(ms));
    expect(coolingUntil).toEqual(until === null ? null : at(until));
  });
});

describe('why no message may go out', () => {
  const now = at(40_000);
  const cooling = sendWindow([at(20_000), at(30_000)], rules, now);
  const full = sendWindow([at(0), at(10_000)], rules, now);
  const open = sendWindow([], rules, now);
  const withDeliveries = (count: number) =>
    aRecord({ deliveries: Array.from({ length: count }, (_, n) => aDelivery({ id: `d${n}` })) });
  const event = {
    type: 'created',
    verificationId: 'v1',
    seq: 1,
    at: now,
    actor: 'key:test',
    to: '',
    data: {},
  } as const;
  const operation = { op: '1', outcome: 'wrong', at: now };
  const withEvents = (count: number) => aSlot({ outbox: Array.from({ length: count }, () => event) });
  const withOps = (count: number, at_ = now) =>
    aSlot({ ops: Array.from({ length: count }, () => ({ ...operation, at: at_ })) });

  it('names the cool-down first, then the window, the deliveries, and what waits', () => {
    const slot = withEvents(201);
    const joined = withDeliveries(100);
    const why = (window: typeof open, to = joined) =>
      whyNoSend(slot, { window, pendingId: 'v1', joined: to }, now);
    expect(why(cooling)).toEqual({ kind: 'too_soon', until: at(60_000) });
    expect(why(full)).toEqual({ kind: 'send_limit', until: at(60_000), verificationId: 'v1' });
    expect(why(open)).toEqual({ kind: 'send_limit', until: at(600_000), verificationId: 'v1' });
    expect(why(open, withDeliveries(99))).toEqual({ kind: 'backlogged' });
  });

  // Catches: a document that grows with every message of a long life until the database refuses it.
  it('is, for a verification, its hundredth delivery', () => {
    const why = (count: number) =>
      whyNoSend(aSlot(), { window: open, pendingId: 'v1', joined: withDeliveries(count) }, now)?.kind;
    expect([why(99), why(100)]).toEqual([undefined, 'send_limit']);
  });

  it('is not the number of deliveries when the message starts another verification', () => {
    const slot = aSlot({ current: withDeliveries(100) });
    expect(whyNoSend(slot, { window: open, pendingId: null, joined: null }, now)).toBeNull();
  });

  it.each([
    ['200 events wait', withEvents(200), null],
    ['201 events wait', withEvents(201), { kind: 'backlogged' }],
    ['511 operations may be asked for', withOps(511), null],
    ['512 operations may be asked for', withOps(512), { kind: 'backlogged' }],
    ['512 operations are there that nobody asks for any more', withOps(512, at(-20_000)), null],
  ])('is asked when %s', (_, slot, expected) => {
    expect(whyNoSend(slot, { window: open, pendingId: null, joined: null }, now)).toEqual(expected);
  });
});
