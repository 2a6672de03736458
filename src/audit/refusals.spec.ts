import { Refusals, type Refusal } from './refusals';

const MINUTE_MS = 60_000;
const NOW = Date.UTC(2026, 0, 1);

const refusal = (change: Partial<Refusal> = {}): Refusal => ({
  type: 'check_failed',
  applicationId: 'app',
  verificationId: 'v',
  actor: 'key:k',
  rule: 'recipient_locked',
  subject: 'slot-1',
  ...change,
});

describe('refusals', () => {
  it('become events of their own, ten per subject and rule a minute', () => {
    const refusals = new Refusals();
    for (let i = 0; i < 25; i++) refusals.add(refusal(), NOW + i);
    const events = refusals.take(NOW + 100);
    expect(events).toHaveLength(10);
    expect(events[0]).toMatchObject({
      type: 'check_failed',
      verificationId: 'v',
      seq: null,
      at: new Date(NOW),
      data: { rule: 'recipient_locked', count: 1 },
    });
  });

  it('are counted beyond that, in one event when the minute is over', () => {
    const refusals = new Refusals();
    for (let i = 0; i < 25; i++) refusals.add(refusal(), NOW);
    refusals.take(NOW);
    expect(refusals.take(NOW + MINUTE_MS - 1)).toEqual([]);
    expect(refusals.take(NOW + MINUTE_MS)).toMatchObject([{ data: { count: 15 } }]);
    expect(refusals.isEmpty).toBe(true);
  });

  it('have an allowance per rule, per subject and per application', () => {
    const refusals = new Refusals();
    for (let i = 0; i < 11; i++) {
      refusals.add(refusal(), NOW);
      refusals.add(refusal({ rule: 'resend_too_soon' }), NOW);
      refusals.add(refusal({ subject: 'slot-2' }), NOW);
      refusals.add(refusal({ applicationId: 'other' }), NOW);
    }
    expect(refusals.take(NOW)).toHaveLength(40);
  });

  it('start anew every minute, also after the clock was set back', () => {
    const refusals = new Refusals();
    for (let i = 0; i < 10; i++) refusals.add(refusal(), NOW);
    for (let i = 0; i < 10; i++) refusals.add(refusal(), NOW - 3_600_000);
    expect(refusals.take(NOW - 3_600_000)).toHaveLength(20);
  });

  it('keep nothing back when the process ends', () => {
    const refusals = new Refusals();
    for (let i = 0; i < 12; i++) refusals.add(refusal(), NOW);
    expect(refusals.take(NOW + 1, true)).toHaveLength(11);
    expect(refusals.isEmpty).toBe(true);
  });

  it('never store their subject, which may be an address', () => {
    const refusals = new Refusals();
    refusals.add(refusal({ subject: '192.0.2.7' }), NOW);
    expect(JSON.stringify(refusals.take(NOW))).not.toContain('192.0.2.7');
  });

  // Catches: a map or a queue without its bound.
  it('take bounded memory whatever arrives, and every one is counted', () => {
    const refusals = new Refusals();
    const total = 30_000;
    for (let i = 0; i < total; i++) refusals.add(refusal({ subject: `slot-${i}` }), NOW);
    const events = [...refusals.take(NOW), ...refusals.take(NOW, true)];
    expect(events.length).toBeLessThan(11_000);
    expect(events.reduce((sum, event) => sum + Number(event.data['count']), 0)).toBe(total);
  });
});
