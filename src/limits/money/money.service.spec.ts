import fc from 'fast-check';
import type { AuditEvent } from '../../audit/audit-event';
import { FakeBudgets } from '../../../test/fakes/budgets.fake';
import { aMoneyTrace } from '../../../test/support/money-traces';
import { runTrace } from '../../../test/support/money-trace';
import type { Bill } from './bill';
import type { Budget } from './caps';
import { MoneyService } from './money.service';
import { Payment } from './payment';

const EUR = (amountMicros: number) => ({ amountMicros, currency: 'EUR' });
const day = (micros: number, country?: string): Budget => ({ country, period: 'day', limit: EUR(micros) });

/** Calls cost 10 for each part. */
function bill(budgets: readonly Budget[], more: Partial<Bill> & { readonly parts?: number } = {}): Bill {
  const { parts = 1, ...rest } = more;
  const settings = { budgets, assumedPrice: EUR(10) };
  return { applicationId: 'app', country: 'ES', settings, cost: () => ({ parts, prices: [] }), ...rest };
}

function world(processes = 1) {
  const budgets = new FakeBudgets();
  const told: AuditEvent[] = [];
  const clock = { ms: 0, monotonic: () => clock.ms };
  const audit = { append: async (events: readonly AuditEvent[]) => void told.push(...events) };
  const start = () => new MoneyService(budgets.asService, audit, clock);
  const all = Array.from({ length: processes }, start);
  return { budgets, told, clock, start, all, money: all[0]! };
}

/** @returns the payment, or the rule that refused */
async function pay(money: MoneyService, one: Bill): Promise<Payment | string> {
  const paid = await money.charge(one);
  return paid instanceof Payment ? paid : paid.refusedBy.cap.rule;
}

/** Charges until it is refused, at most so often. */
async function payAll(money: MoneyService, one: Bill, most = 1_000): Promise<number> {
  for (let n = 0; n < most; n += 1) if (typeof (await pay(money, one)) === 'string') return n;
  return most;
}

describe('money', () => {
  // Catches: tokens added on an indeterminate grant (seen: 2 of 3 traces broken within 300), one put back before it is
  // written off, a payment that gives back twice, a settlement by who did not write.
  it('is kept or lost, never made: whatever is late, lost, killed or told twice, no cap is passed', async () => {
    await fc.assert(
      fc.asyncProperty(aMoneyTrace(), async (trace) => {
        expect(await runTrace(trace)).toBeNull();
      }),
      { numRuns: 3_000 },
    );
  });

  // Catches: a purse thrown away by an older `tidy` than the one it came after, with the debt that it stands for. Found
  // by the property above, with a seed of its own in each run.
  it('of a debt is not forgotten when two rounds of tidying overlap', async () => {
    const answered = { do: 'database', which: 0, fate: 'answered' } as const;
    const [tidy, charge] = [
      { do: 'tidy', process: 0 },
      { do: 'charge', process: 0, parts: 1 },
    ] as const;
    const priced = (percent: number) => ({ do: 'report', which: 0, process: 0, percent }) as const;
    const paid = [charge, answered, answered, answered];
    const steps = [...paid, priced(0), tidy, tidy, priced(100), answered];
    expect(await runTrace({ processes: 1, limitMicros: 10, steps })).toBeNull();
  });

  // Catches: a purse thrown away while a call that it has paid for may still cost more.
  it('that a call under way owes is kept until it is written, also while it cannot be', async () => {
    const { money, budgets } = world();
    const payment = (await pay(money, bill([day(10)]))) as Payment;
    await money.tidy(0);
    budgets.book = () => Promise.reject(new Error('no answer'));
    payment.costs({ micros: 30, currency: 'EUR' });
    expect(await pay(money, bill([day(1_000)]))).toBeInstanceOf(Payment);
    expect(budgets.stored.values().next().value).toBeGreaterThanOrEqual(40);
  });

  // Catches: the trap of a campaign that proves nothing because nothing was spent.
  it.each([1, 2, 4])('is spent to the last call that fits, by %i processes', async (processes) => {
    const { all } = world(processes);
    const budgets = [day(1_005)];
    const counts = await Promise.all(all.map((money) => payAll(money, bill(budgets))));
    await Promise.all(all.map((money) => money.tidy(0)));
    const rest = await payAll(all[0]!, bill(budgets));
    expect(counts.reduce((sum, count) => sum + count, 0) + rest).toBe(100);
  });

  it('of many calls at once comes in few grants', async () => {
    const { money, budgets } = world();
    let grants = 0;
    const allot = budgets.allot.bind(budgets);
    budgets.allot = (...args) => ((grants += 1), allot(...args));
    const calls = Array.from({ length: 200 }, () => pay(money, bill([day(1_000_000)])));
    expect((await Promise.all(calls)).every((one) => one instanceof Payment)).toBe(true);
    expect(grants).toBeLessThan(5);
  });

  it('is taken from all caps of a call or from none', async () => {
    const { money } = world();
    const budgets = [day(1_000), day(20, 'ES')];
    expect(await payAll(money, bill(budgets))).toBe(2);
    expect(await pay(money, bill(budgets))).toBe('budgets.ES.day');
    expect(await payAll(money, bill(budgets, { country: 'PT' }))).toBe(98);
    expect(await pay(money, bill(budgets, { country: 'PT' }))).toBe('budgets.day');
  });

  it('is there again for the next period, by the database’s time and not by this machine’s', async () => {
    const { money, budgets, clock } = world();
    expect(await payAll(money, bill([day(50)]))).toBe(5);
    budgets.time += 12 * 3_600_000;
    clock.ms += 60_000;
    expect(await payAll(money, bill([day(50)]))).toBe(5);
    // Set back: yesterday's money is spent.
    budgets.time -= 12 * 3_600_000;
    clock.ms += 60_000;
    expect(await payAll(money, bill([day(50)]))).toBe(0);
  });

  it('is not asked for where no budget holds', async () => {
    const { money, budgets } = world();
    budgets.now = () => Promise.reject(new Error('asked'));
    expect(money.charge(bill([]))).toBeInstanceOf(Payment);
    expect(money.charge(bill([day(5, 'PT')]))).toBeInstanceOf(Payment);
  });

  it('that nobody can tell of is not spent', async () => {
    const { money, budgets } = world();
    budgets.allottedMicros = () => Promise.reject(new Error('no database'));
    await expect(pay(money, bill([day(50)]))).rejects.toThrow();
  });

  it('put aside before pays for the call of the same price, and goes back for another one', async () => {
    const { money } = world();
    const budgets = [day(30)];
    const reserved = (await pay(money, bill(budgets))) as Payment;
    expect(await money.charge(bill(budgets), reserved)).toBe(reserved);
    const paid = (await money.charge(bill(budgets, { parts: 3 }), reserved)) as Payment;
    expect(paid.micros).toBe(30);
  });
});

describe('a limit that is lowered', () => {
  it('below what is spent stops everything; raised again, the rest may be spent', async () => {
    const { money, clock } = world();
    expect(await payAll(money, bill([day(1_000)]), 30)).toBe(30);
    expect(await payAll(money, bill([day(200)]))).toBe(0);
    clock.ms += 1_001;
    expect(await payAll(money, bill([day(400)]))).toBe(10);
  });

  // Catches: money that lies in processes under the old limit and is spent under the new one.
  it('takes back what processes hold', async () => {
    const { all } = world(4);
    for (const money of all) expect(await payAll(money, bill([day(10_000)]), 20)).toBe(20);
    const left = await Promise.all(all.map((money) => payAll(money, bill([day(800)]))));
    expect(left.reduce((sum, count) => sum + count, 0)).toBe(0);
  });
});

describe('the price of a call', () => {
  const cost = (money: MoneyService, payment: Payment, costMicros: number): void =>
    money.settle('app', [{ charge: payment.stands()!, costMicros }]);

  it('that is lower gives the difference back, also to a process that has charged nothing', async () => {
    const { all } = world(2);
    const [first, second] = [all[0]!, all[1]!];
    const payment = (await pay(first, bill([day(10)]))) as Payment;
    expect(await pay(second, bill([day(10)]))).toBe('budgets.day');
    cost(second, payment, 0);
    expect(await payAll(second, bill([day(10)]))).toBe(1);
  });

  it('that is higher is booked in full, beyond the limit, and stops every process', async () => {
    const { all, budgets, clock } = world(2);
    const payment = (await pay(all[0]!, bill([day(100)]))) as Payment;
    cost(all[1]!, payment, 250);
    expect(budgets.stored.values().next().value).toBe(250);
    clock.ms += 1_001;
    for (const money of all) expect(await payAll(money, bill([day(100)]))).toBe(0);
  });

  it('of a period that is over gives nothing to the next one', async () => {
    const { money, budgets, clock } = world();
    const payment = (await pay(money, bill([day(10)]))) as Payment;
    budgets.time += 24 * 3_600_000;
    clock.ms += 60_000;
    cost(money, payment, 0);
    expect(await payAll(money, bill([day(10)]))).toBe(1);
  });

  it('in another currency is no price', async () => {
    const { money } = world();
    const payment = (await pay(money, bill([day(10)]))) as Payment;
    expect(payment.costs({ micros: 1, currency: 'USD' })).toMatchObject({ micros: 10, currency: 'EUR' });
  });
});

describe('warnings', () => {
  it('are told at 50, 80 and 100 percent of a cap, with one id however many processes notice', async () => {
    const { all, told } = world(2);
    for (const money of all) await payAll(money, bill([day(100, 'ES')]));
    expect([...new Set(told.map(({ id }) => id))]).toEqual(
      ['50', '80', '100'].map((percent) => `budget:app:ES:2026-11-27:EUR:100:${percent}`),
    );
    expect(told[0]).toMatchObject({
      type: 'budget_warning',
      applicationId: 'app',
      data: { rule: 'budgets.ES.day', percent: 50, limitMicros: 100, currency: 'EUR' },
    });
  });

  it('come again for another limit, and once more only after one that was not stored', async () => {
    const { money, told } = world();
    await payAll(money, bill([day(100)]), 5);
    await payAll(money, bill([day(120)]), 3);
    expect(told.map(({ id }) => id.split(':').slice(-2))).toEqual([
      ['100', '50'],
      ['120', '50'],
    ]);
  });
});

describe('what lies idle', () => {
  // Catches: money that is written off while it can still be spent here.
  it('and is on its way back is not spent meanwhile', async () => {
    const { money, budgets } = world();
    ((await pay(money, bill([day(10)]))) as Payment).giveBack();
    budgets.giveBack = () => new Promise(() => undefined);
    void money.tidy(0);
    expect(await pay(money, bill([day(10)]))).toBe('budgets.day');
  });

  it('goes back, for others, and what is used stays', async () => {
    const { all, clock } = world(2);
    const [idle, busy] = [all[0]!, all[1]!];
    const payment = (await pay(idle, bill([day(20)]))) as Payment;
    payment.giveBack();
    expect(await payAll(busy, bill([day(20)]))).toBe(1);
    clock.ms += 29_000;
    await idle.tidy();
    expect(await payAll(busy, bill([day(20)]))).toBe(0);
    clock.ms += 1_001;
    await idle.tidy();
    expect(await payAll(busy, bill([day(20)]))).toBe(1);
  });
});
