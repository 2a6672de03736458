import { newNumber, until, useEngine, wordFor, type Answer } from '../support/engine';
import { noLimits } from '../builders/limits';

const engine = useEngine();

/** The hundred numbers of one block, which nobody has. */
const numbersOf = (block: string) =>
  Array.from({ length: 100 }, (_, n) => `+34${block}${String(n).padStart(3, '0')}`);
const settings = { limits: noLimits, pumping: { mode: 'enforce' } };

/** One message after the other, each at another process, until one is refused. @returns it, and how many went before */
async function floods(
  create: (to: string, on: number) => Promise<Answer>,
  block: string,
): Promise<{ readonly refused: Answer; readonly sent: number }> {
  let sent = 0;
  // The first number of a block is somebody's own.
  for (const [index, to] of numbersOf(block).slice(1).entries()) {
    const answer = await create(to, index % 2);
    if (answer.status !== 201) return { refused: answer, sent };
    sent += 1;
  }
  throw new Error('the guard has let a hundred messages through');
}

describe('the guard against pumping', () => {
  // Catches: a guard that only knows what its own process has sent (each would let a window through); an event without
  // an end, where the last messages were still under way.
  it('stops a block of numbers where nobody types a code, over two processes, and says why to the owner', async () => {
    const tenant = await engine.tenant(settings);
    const { refused, sent } = await floods((to, on) => tenant.create({ to }, { on }), '699100');
    // docs/pumping.md: a window of 10, at most 15, and what was under way at the other process.
    expect(sent).toBeLessThanOrEqual(16);
    expect([wordFor(refused), refused.body['rule']]).toEqual(['429 limit_reached', 'pumping']);
    expect(refused.headers.get('retry-after')).toBe('600');
    // Neither prefix, debt nor window: an attacker would measure the guard by it.
    expect(refused.text).not.toMatch(/699100|debt|window|block/i);
    const event = await until(async () => {
      const log = await tenant.call('GET /v1/audit/events?type=access_denied');
      return (log.body['data'] as { data: Record<string, unknown> }[])[0] ?? null;
    }, 15_000);
    expect(event.data).toMatchObject({
      rule: expect.stringMatching(/^pumping\.prefix1?0?k$/),
      code: 'limit_reached',
      value: expect.any(Number),
      limit: expect.any(Number),
      until: expect.any(String),
    });
    // What was under way may have been counted twice for a moment: the next message may still go out, and then none.
    const rest = numbersOf('699100').slice(60);
    const preview = await until(async () => {
      const to = rest.shift()!;
      await tenant.create({ to });
      const asked = await tenant.call('POST /v1/decisions/preview', { to: rest[0] });
      return asked.body['allowed'] === false && asked;
    });
    expect(preview.text).toMatch(/"rule":"pumping\.prefix1?0?k","outcome":"refused"/);
    expect(engine.sink.messages.filter(({ to }) => to.startsWith('+34699100')).length).toBeLessThanOrEqual(
      16,
    );
    // Another block of numbers, and the same application: nothing is wrong with it.
    expect((await tenant.create({ to: newNumber() })).status).toBe(201);
  });

  it('sends on where codes are typed, and to whoever typed one lately', async () => {
    const tenant = await engine.tenant(settings);
    const known = numbersOf('699200')[0]!;
    const first = await tenant.start({ to: known });
    expect((await tenant.check(first.id, first.code)).body['valid']).toBe(true);
    // Both processes have heard of it: the log is read a moment later.
    for (const on of [0, 1])
      await until(async () => {
        const preview = await tenant.call('POST /v1/decisions/preview', { to: known, purpose: 'x' }, { on });
        return preview.text.includes('known_recipient');
      });
    const { refused } = await floods((to, on) => tenant.create({ to }, { on }), '699200');
    expect(wordFor(refused)).toBe('429 limit_reached');
    expect((await tenant.create({ to: known, purpose: 'again' })).status).toBe(201);
  });

  it('asks for a challenge instead, where the application has one', async () => {
    const tenant = await engine.tenant({
      ...settings,
      riskChecks: [{ check: 'proof-of-work', when: 'on_step_up' }],
    });
    const { refused } = await floods((to, on) => tenant.create({ to }, { on }), '699300');
    expect(wordFor(refused)).toBe('403 challenge_required');
    expect(refused.body['challenge']).toMatchObject({ check: 'proof-of-work' });
  });

  it('in shadow refuses nobody and records what it would have done', async () => {
    const tenant = await engine.tenant({ ...settings, pumping: { mode: 'shadow' } });
    for (const [index, to] of numbersOf('699400').slice(0, 25).entries())
      expect((await tenant.create({ to }, { on: index % 2 })).status).toBe(201);
    await until(async () => {
      const log = await tenant.call('GET /v1/audit/events?type=shadow_refused');
      return (log.body['data'] as unknown[]).length > 0 || null;
    }, 15_000);
  });
});
