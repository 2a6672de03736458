import { newNumber, until, useEngine, wordFor } from '../../support/engine';

const engine = useEngine();

const EUR = (amountMicros: number) => ({ amountMicros, currency: 'EUR' });
const day = (amountMicros: number) => ({ period: 'day', limit: EUR(amountMicros) });
/** Each text is charged 100: the price book is empty. */
const settings = (amountMicros: number) => ({ budgets: [day(amountMicros)], assumedPrice: EUR(100) });

const textsTo = (to: string) => engine.sink.messages.filter((message) => message.to === to).length;

describe('a budget', () => {
  it('of seven texts lets seven through, over two processes and many calls at once, and says so', async () => {
    const tenant = await engine.tenant(settings(750));
    const numbers = Array.from({ length: 24 }, newNumber);
    const answers = await Promise.all(
      numbers.map((to, n) => tenant.create({ to }, { on: n % 2, headers: { prefer: 'wait=5' } })),
    );
    const words = answers.map(wordFor);
    expect(words.filter((word) => word === '201').length).toBeLessThanOrEqual(7);
    expect(words.filter((word) => word !== '201')).toEqual(expect.arrayContaining(['429 budget_exhausted']));
    expect(numbers.reduce((sum, to) => sum + textsTo(to), 0)).toBeLessThanOrEqual(7);
    // To the outside no budget is named.
    const refused = answers.find(({ status }) => status === 429)!;
    expect(refused.text).not.toMatch(/750|EUR|day/);
    const events = await until(async () => {
      const { body } = await tenant.call('GET /v1/audit/events?limit=100');
      const all = body['data'] as { type: string; data: Record<string, unknown> }[];
      return all.some(({ data }) => data['percent'] === 100) &&
        all.some(({ type }) => type === 'access_denied')
        ? all
        : null;
    });
    const percents = events.flatMap(({ type, data }) => (type === 'budget_warning' ? [data['percent']] : []));
    expect(percents.sort()).toEqual([100, 50, 80]);
    expect(events.find(({ type }) => type === 'access_denied')?.data).toMatchObject({
      rule: 'budgets.day',
      code: 'budget_exhausted',
      limit: 750,
    });
  });

  it('that was lowered below what is spent stops sends and resends; a test number is free of it', async () => {
    const to = newNumber();
    const test = newNumber();
    const testNumbers = [{ to: test, code: '424242' }];
    const own = { ...settings(1_000), testNumbers, policy: { cooldownSeconds: 0 } };
    const tenant = await engine.tenant(own);
    const { body } = await tenant.create({ to });
    await until(async () => textsTo(to) === 1 || null);
    const path = `PATCH /v1/applications/${tenant.id}`;
    await engine.admin(path, { settings: { budgets: [day(50)] } });
    expect(wordFor(await tenant.create({ to: newNumber() }))).toBe('429 budget_exhausted');
    expect(wordFor(await tenant.call(`POST /v1/verifications/${String(body['id'])}/sends`, {}))).toBe(
      '429 budget_exhausted',
    );
    expect(wordFor(await tenant.create({ to: test }))).toBe('201');
    await engine.admin(path, { settings: { budgets: [day(400)] } });
    expect(wordFor(await tenant.create({ to: newNumber() }))).toBe('201');
  });
});
