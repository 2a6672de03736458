import fc from 'fast-check';
import { advise, afterCall, afterFeedback, BACKOFF_MS, closedBreaker, PROBE_MS } from './breaker';
import type { Breaker, CallVerdict, FeedbackKind } from './breaker';

const MINUTE = 60_000;

/** The breaker after the same thing many times. */
function calls(breaker: Breaker, verdict: CallVerdict, times: number, now = 0): Breaker {
  return Array.from({ length: times }).reduce<Breaker>((last) => afterCall(last, verdict, now), breaker);
}

function feedback(breaker: Breaker, kind: FeedbackKind, times: number, now = 0): Breaker {
  return Array.from({ length: times }).reduce<Breaker>((last) => afterFeedback(last, kind, now), breaker);
}

describe('a closed breaker', () => {
  it('opens at five failures in a row, not at four', () => {
    expect(calls(closedBreaker(), 'failed', 4).state).toBe('closed');
    expect(calls(closedBreaker(), 'failed', 5)).toEqual({
      state: 'open',
      cause: 'calls',
      until: 10_000,
      backoffMs: 10_000,
    });
  });

  it('opens when half of twenty calls within a minute fail', () => {
    const pairs = (breaker: Breaker, n: number) =>
      Array.from({ length: n }).reduce<Breaker>(
        (last) => calls(calls(last, 'accepted', 1), 'failed', 1),
        breaker,
      );
    const nineteen = calls(pairs(closedBreaker(), 9), 'accepted', 1);
    expect(nineteen.state).toBe('closed');
    expect(afterCall(nineteen, 'failed', MINUTE - 1).state).toBe('open');
    expect(afterCall(nineteen, 'failed', MINUTE).state).toBe('closed');
  });

  it('does not open for refusals that are about the message', () => {
    expect(calls(closedBreaker(), 'neutral', 1_000).state).toBe('closed');
    const mixed = calls(calls(calls(closedBreaker(), 'failed', 4), 'neutral', 100), 'failed', 1);
    expect(mixed.state).toBe('open');
  });

  it('opens when twenty receipts say that hardly anything arrives', () => {
    const taken = calls(closedBreaker(), 'accepted', 25);
    const four = feedback(taken, 'delivered', 4);
    expect(feedback(four, 'undelivered', 15).state).toBe('closed');
    expect(feedback(four, 'undelivered', 16)).toMatchObject({ state: 'open', cause: 'receipts' });
    expect(feedback(feedback(taken, 'delivered', 5), 'undelivered', 19).state).toBe('closed');
  });

  // Catches: twenty wrong numbers among a thousand messages taken for an outage, where a vendor reports failures only.
  it('stays closed when the failures are few beside what was taken', () => {
    const taken = calls(closedBreaker(), 'accepted', 1_000);
    expect(feedback(taken, 'undelivered', 499).state).toBe('closed');
    expect(feedback(taken, 'undelivered', 500).state).toBe('open');
  });

  it('opens when at most one code in thirty is typed', () => {
    const one = feedback(closedBreaker(), 'converted', 1);
    expect(feedback(one, 'unconverted', 28).state).toBe('closed');
    expect(feedback(one, 'unconverted', 29)).toMatchObject({ state: 'open', cause: 'conversions' });
    expect(feedback(feedback(one, 'converted', 1), 'unconverted', 40).state).toBe('closed');
  });
});

describe('an open breaker', () => {
  const open = calls(closedBreaker(), 'failed', 5);

  // Catches: an end of a pause that moves away each time somebody asks.
  it('advises against until its pause is over, and learns nothing meanwhile', () => {
    expect(advise(open, 9_999)).toEqual({ isAdvised: false, breaker: open });
    expect(calls(open, 'accepted', 50)).toBe(open);
    expect(feedback(open, 'delivered', 50)).toBe(open);
  });

  // Catches: a breaker that never half-opens.
  it('then lets one probe through, and another when that one says nothing', () => {
    const first = advise(open, 10_000);
    expect(first).toMatchObject({ isAdvised: true, breaker: { state: 'half-open' } });
    expect(advise(first.breaker, 10_000 + PROBE_MS.calls - 1).isAdvised).toBe(false);
    expect(advise(first.breaker, 10_000 + PROBE_MS.calls).isAdvised).toBe(true);
  });
});

describe('a half-open breaker', () => {
  const halfOpen = (cause: 'calls' | 'receipts', now = 10_000_000): Breaker =>
    advise({ state: 'open', cause, until: now, backoffMs: BACKOFF_MS[cause].first }, now).breaker;

  it('closes when its probe is accepted', () => {
    expect(afterCall(halfOpen('calls'), 'accepted', 0)).toEqual(closedBreaker());
  });

  it('opens for twice as long when its probe fails, up to a ceiling', () => {
    const pauses: number[] = [];
    let breaker = halfOpen('calls');
    for (let now = 0; pauses.length < 7; now += 1_000_000) {
      breaker = afterCall(breaker, 'failed', now);
      if (breaker.state === 'open') pauses.push(breaker.until - now);
      breaker = advise(breaker, now + 999_999).breaker;
    }
    expect(pauses).toEqual([20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
  });

  it('lets the next one probe when the answer was about the message', () => {
    const breaker = afterCall(halfOpen('calls'), 'neutral', 0);
    expect(advise(breaker, 1).isAdvised).toBe(true);
  });

  // Catches: a gateway that accepts everything and delivers nothing back in use after one accepted probe.
  it('waits for a receipt or a typed code when these were what opened it', () => {
    const asked = afterCall(halfOpen('receipts'), 'accepted', 0);
    expect(asked.state).toBe('half-open');
    expect(afterFeedback(asked, 'delivered', 0)).toEqual(closedBreaker());
    expect(afterFeedback(asked, 'converted', 0)).toEqual(closedBreaker());
    expect(afterFeedback(asked, 'undelivered', 0)).toMatchObject({ state: 'open', backoffMs: 600_000 });
    expect(afterFeedback(halfOpen('calls'), 'undelivered', 0).state).toBe('half-open');
  });
});

describe('any breaker', () => {
  const event = fc.record({
    after: fc.oneof(fc.nat(2_000), fc.nat(400_000)),
    what: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('accepted', 'failed', 'failed', 'failed', 'neutral') },
      { weight: 1, arbitrary: fc.constantFrom('delivered', 'undelivered', 'converted', 'unconverted') },
      { weight: 3, arbitrary: fc.constant('ask') },
    ),
  });

  /** What the calls alone must lead to, told by plain lists; receipts stay below their thresholds here. */
  class Model {
    streak = 0;
    events: { at: number; bad: boolean }[] = [];
    openUntil: number | null = null;
    backoffMs = 0;
    probeUntil: number | null = null;
    state: Breaker['state'] = 'closed';

    ask(now: number): boolean {
      if (this.state === 'closed') return true;
      if (this.state === 'open' ? now < (this.openUntil ?? 0) : now < (this.probeUntil ?? 0)) return false;
      this.state = 'half-open';
      this.probeUntil = now + PROBE_MS.calls;
      return true;
    }

    call(verdict: string, now: number): void {
      if (this.state === 'half-open') return this.probe(verdict, now);
      if (this.state === 'open' || verdict === 'neutral') return;
      this.streak = verdict === 'failed' ? this.streak + 1 : 0;
      this.events.push({ at: now, bad: verdict === 'failed' });
      const half = (at: number) => Math.floor(at / 30_000);
      const recent = this.events.filter(({ at }) => half(at) >= half(now) - 1);
      const bad = recent.filter((one) => one.bad).length;
      const isRateBad = recent.length >= 20 && bad * 2 >= recent.length;
      if (verdict === 'failed' && (this.streak >= 5 || isRateBad)) this.open(now, 10_000);
    }

    private probe(verdict: string, now: number): void {
      if (verdict === 'failed') this.open(now, Math.min(this.backoffMs * 2, 300_000));
      if (verdict === 'neutral') this.probeUntil = null;
      if (verdict === 'accepted') Object.assign(this, new Model());
    }

    private open(now: number, backoffMs: number): void {
      Object.assign(this, new Model(), { state: 'open', openUntil: now + backoffMs, backoffMs });
    }
  }

  it('does as the model that remembers everything', () => {
    const opened = { times: 0 };
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 150, size: 'max' }), (events) => {
        let now = 1_000;
        let breaker: Breaker = closedBreaker();
        const model = new Model();
        let receipts = 0;
        for (const { after, what } of events) {
          now += after;
          if (what === 'ask') {
            const advice = advise(breaker, now);
            breaker = advice.breaker;
            expect(advice.isAdvised).toBe(model.ask(now));
          } else if (['accepted', 'failed', 'neutral'].includes(what)) {
            breaker = afterCall(breaker, what as CallVerdict, now);
            model.call(what, now);
          } else if ((receipts += 1) < 20) {
            breaker = afterFeedback(breaker, what as FeedbackKind, now);
          }
          expect(breaker.state).toBe(model.state);
          if (breaker.state === 'open') {
            opened.times += 1;
            expect(breaker.until).toBe(model.openUntil);
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(opened.times).toBeGreaterThan(1_000);
  });

  // Catches: a breaker that stays open for ever.
  it('advises a probe within an hour and ten minutes, whatever happened before', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200, size: 'max' }), (events) => {
        let now = 1_000;
        let breaker: Breaker = closedBreaker();
        for (const { after, what } of events) {
          now += after;
          if (what === 'ask') breaker = advise(breaker, now).breaker;
          else if (['accepted', 'failed', 'neutral'].includes(what))
            breaker = afterCall(breaker, what as CallVerdict, now);
          else breaker = afterFeedback(breaker, what as FeedbackKind, now);
        }
        const isSoon = advise(breaker, now + 3_600_000 + 600_000).isAdvised;
        expect(isSoon).toBe(true);
      }),
    );
  });
});
