import { newNumber, useEngine, until, wordFor } from '../support/engine';

const engine = useEngine();

describe('the limits of an application', () => {
  it('refuse with their name and a time, and the audit log has what was measured', async () => {
    const tenant = await engine.tenant({ limits: { number: { max: 2 } } });
    const to = newNumber();
    for (const purpose of ['a', 'b']) expect((await tenant.create({ to, purpose })).status).toBe(201);
    const refused = await tenant.create({ to, purpose: 'c' });
    expect([wordFor(refused), refused.body['rule']]).toEqual(['429 limit_reached', 'number']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500);
    expect(JSON.stringify(refused.body)).not.toContain('value');
    const event = await until(async () => {
      const log = await tenant.call('GET /v1/audit/events?type=access_denied');
      return (log.body['data'] as { data: object }[])[0] ?? null;
    }, 15_000);
    expect(event).toMatchObject({
      purpose: 'c',
      verificationId: null,
      data: { rule: 'limits.number', code: 'limit_reached', value: 2, limit: 2, until: expect.any(String) },
    });
  });

  // Catches: a limit of one process, and one that another spelling of the same thing gets round.
  it('hold over two processes, whatever the spelling', async () => {
    const tenant = await engine.tenant({ limits: { ip: { max: 3 } } });
    const spellings = [
      '203.0.113.50',
      '::ffff:203.0.113.50',
      '::FFFF:cb00:7132',
      '203.0.113.50',
      '203.0.113.50',
    ];
    const answers = [];
    for (const [index, clientIp] of spellings.entries())
      answers.push(wordFor(await tenant.create({ to: newNumber(), clientIp }, { on: index % 2 })));
    expect(answers).toEqual(['201', '201', '201', '429 limit_reached', '429 limit_reached']);
  });

  it('give back what the slot refuses, and what a person has typed in', async () => {
    const tenant = await engine.tenant({
      limits: { number: { max: 2 }, numberDay: { max: 2 } },
      policy: { whenPending: 'reject' },
    });
    const to = newNumber();
    const { id, code } = await tenant.start({ to });
    for (let n = 0; n < 3; n++) expect(wordFor(await tenant.create({ to }))).toBe('409 verification_pending');
    expect((await tenant.check(id, code)).body['valid']).toBe(true);
    for (const purpose of ['a', 'b']) expect((await tenant.create({ to, purpose })).status).toBe(201);
    expect(wordFor(await tenant.create({ to, purpose: 'c' }))).toBe('429 limit_reached');
    expect((await tenant.call('POST /v1/recipients/unlock', { to })).status).toBe(204);
    expect((await tenant.create({ to, purpose: 'c' })).status).toBe(201);
  });

  it('also hold for a code that is asked for again, which its slot may refuse first', async () => {
    const tenant = await engine.tenant({ limits: { number: { max: 2 } }, policy: { cooldownSeconds: 0 } });
    const { id } = await tenant.start({ to: newNumber() });
    expect((await tenant.call(`POST /v1/verifications/${id}/sends`, {})).status).toBe(201);
    expect(wordFor(await tenant.call(`POST /v1/verifications/${id}/sends`, {}))).toBe('429 limit_reached');
    await tenant.call(`POST /v1/verifications/${id}/cancel`, {});
    expect(wordFor(await tenant.call(`POST /v1/verifications/${id}/sends`, {}))).toBe(
      '409 verification_canceled',
    );
  });

  it('are checked when they are set', async () => {
    const create = (limits: object) =>
      engine.admin('POST /v1/applications', { name: 'x', settings: { limits } });
    const refused = await create({ mine: { max: 3 }, number: { windowSeconds: 5 } });
    expect(refused.body['errors']).toEqual([
      { path: 'settings.limits.number.windowSeconds', message: 'Use at least 10 seconds.' },
    ]);
    expect((await create({ mine: { max: 3 } })).body['errors']).toEqual([
      { path: 'settings.limits.mine.by', message: expect.stringContaining('not a built-in limit') },
      {
        path: 'settings.limits.mine.windowSeconds',
        message: expect.stringContaining('not a built-in limit'),
      },
    ]);
  });
});
