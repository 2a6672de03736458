import { newNumber, type Tenant, until, useEngine, wordFor, wrongCode } from '../../support/engine';

const engine = useEngine({ env: { SMS_HTTP_REASONS: '{"opted-out":"SAID_STOP"}' } });
const code = '424242';
const inADay = () => new Date(Date.now() + 86_400_000).toISOString();

describe('a test number', () => {
  // Catches: a call to the gateway, a code that is drawn, a guess that is not charged.
  it('gets no text, has its code, and keeps every other rule', async () => {
    const to = newNumber();
    const tenant = await engine.tenant({
      allowedCountries: ['JP'],
      testNumbers: [{ to, code, expiresAt: inADay() }],
    });
    const made = await tenant.call(
      'POST /v1/verifications',
      { to, codeLength: 8 },
      { headers: { prefer: 'wait=5' } },
    );
    expect([wordFor(made), made.body]).toEqual([
      '201',
      expect.objectContaining({ test: true, codeLength: 6, cost: { estimated: [], reported: [] } }),
    ]);
    expect(made.body['deliveries']).toMatchObject([
      { provider: 'test-number', state: 'accepted', attempts: [] },
    ]);
    const id = String(made.body['id']);
    // The cool-down holds.
    expect(wordFor(await tenant.call(`POST /v1/verifications/${id}/sends`, {}))).toBe('429 resend_too_soon');
    expect((await tenant.check(id, wrongCode(code), { on: 1 })).body).toMatchObject({
      valid: false,
      checks: { used: 1 },
    });
    expect((await tenant.check(id, code, { on: 1 })).body).toMatchObject({ valid: true, test: true });
    expect(engine.sink.sentTo(to)).toEqual([]);

    const other = await engine.tenant();
    const { code: drawn } = await other.start({ to });
    expect(engine.sink.sentTo(to)).toHaveLength(1);
    expect(drawn).toMatch(/^\d{6}$/);
  });

  // Catches: an end that nobody looks at.
  it('is a number like any other once its end has come', async () => {
    const to = newNumber();
    const tenant = await engine.tenant({ testNumbers: [{ to, code, expiresAt: '2020-01-01T00:00:00Z' }] });
    const started = await tenant.start({ to });
    expect((await tenant.read(started.id)).body).toMatchObject({ test: false });
    expect(engine.sink.sentTo(to)).toHaveLength(1);
  });

  it('is reported as allowed when it is validated', async () => {
    const to = newNumber();
    const tenant = await engine.tenant({ allowedCountries: ['JP'], testNumbers: [{ to, code }] });
    const validated = async (number: string) =>
      (await tenant.call('POST /v1/phone-numbers/validate', { number })).body['allowed'];
    expect([await validated(to), await validated(newNumber())]).toEqual([true, false]);
  });
});

describe('a block list', () => {
  const list = (tenant: Tenant, query = '') => tenant.call(`GET /v1/blocks${query}`);
  const tries = async (tenant: Tenant, to: string, on = 0, more: object = {}) =>
    wordFor(await tenant.create({ to, purpose: `p${(purposes += 1) % 15}`, ...more }, { on }));
  let purposes = 0;

  // Catches: an entry that only the process knows where it was made. How long others may not know it is tried with a
  // clock of its own, in `block-lists.service.spec.ts`.
  it('keeps a number from being texted: at once here, soon by every process, until it is removed', async () => {
    const tenant = await engine.tenant();
    const to = newNumber();
    expect([await tries(tenant, to), await tries(tenant, to, 1)]).toEqual(['201', '201']);
    const { id: pending } = await tenant.start();
    const made = await tenant.call('POST /v1/blocks', {
      list: 'block',
      kind: 'number',
      value: to,
      reason: 'Fraud',
    });
    expect(made).toMatchObject({
      status: 201,
      body: { list: 'block', kind: 'number', reason: 'Fraud', expiresAt: null },
    });
    expect(made.text).not.toContain(to.slice(3));
    expect(await tries(tenant, to)).toBe('403 number_blocked');
    // Asked by previews, which no limit counts.
    const allowed = async () => {
      const { body } = await tenant.call('POST /v1/decisions/preview', { to }, { on: 1 });
      return body['allowed'];
    };
    await until(async () => (await allowed()) === false);
    expect(await tries(tenant, to, 1)).toBe('403 number_blocked');
    // The same for a code that is sent again, and for nobody else.
    await tenant.call('POST /v1/blocks', { list: 'block', kind: 'prefix', value: '+34', reason: 'Fraud' });
    expect(wordFor(await tenant.call(`POST /v1/verifications/${pending}/sends`, {}))).toBe(
      '403 number_blocked',
    );
    expect(await tries(await engine.tenant(), to)).toBe('201');
    const { data } = (await list(tenant, '?kind=number')).body as { data: { id: string }[] };
    expect(data).toMatchObject([{ id: made.body['id'] }]);
    for (const { id } of (await list(tenant)).body['data'] as { id: string }[])
      expect((await tenant.call(`DELETE /v1/blocks/${id}`)).status).toBe(204);
    expect(await tries(tenant, to)).toBe('201');
    expect(wordFor(await tenant.call(`DELETE /v1/blocks/${data[0]!.id}`))).toBe('404 not_found');
  });

  it('says which rule refused in the audit log, and not to the caller', async () => {
    const tenant = await engine.tenant();
    await tenant.call('POST /v1/blocks', {
      list: 'block',
      kind: 'ip',
      value: '192.0.2.0/24',
      reason: 'Flood',
    });
    const refused = await tenant.create({ to: newNumber(), clientIp: '192.0.2.7' });
    expect([wordFor(refused), refused.text.includes('ip')]).toEqual(['403 number_blocked', false]);
    const events = await until(async () => {
      const { body } = await tenant.call('GET /v1/audit/events?type=access_denied');
      const data = body['data'] as { data: object }[];
      return data.length > 0 && data;
    });
    expect(events).toMatchObject([
      { data: { rule: 'blocks.ip', code: 'number_blocked', because: 'block_list', until: null } },
    ]);
  });

  it('is in a preview, which says what the create then does and changes nothing', async () => {
    const tenant = await engine.tenant();
    const to = newNumber();
    const preview = async () => (await tenant.call('POST /v1/decisions/preview', { to })).body;
    const free = await preview();
    expect(free).toMatchObject({ allowed: true });
    expect((free['decisions'] as object[]).at(-1)).toMatchObject({
      rule: 'recipient.start',
      because: 'started',
    });
    await tenant.call('POST /v1/blocks', { list: 'block', kind: 'number', value: to, reason: 'Fraud' });
    const blocked = await preview();
    expect(blocked).toMatchObject({ allowed: false });
    expect((blocked['decisions'] as object[])[0]).toEqual({
      rule: 'blocks.number',
      outcome: 'refused',
      value: null,
      limit: null,
      until: null,
      because: 'block_list',
    });
    const { data } = (await tenant.call('GET /v1/audit/events?type=access_denied')).body;
    expect([data, engine.sink.sentTo(to)]).toEqual([[], []]);
    expect(await engine.db.collection('slots').countDocuments({ applicationId: tenant.id })).toBe(0);
  });

  it('gets the number of a person who said STOP to the gateway, and gives it back by hand', async () => {
    const tenant = await engine.tenant();
    const to = newNumber();
    engine.sink.mode = { kind: 'status', status: 400, body: { error: 'SAID_STOP' } };
    const made = await tenant.create({ to }, { headers: { prefer: 'wait=5' } });
    engine.sink.mode = { kind: 'accept' };
    expect(made.body['deliveries']).toMatchObject([{ state: 'rejected', errorCode: 'opted-out' }]);
    await until(async () => (await tries(tenant, to)) === '403 number_blocked');
    const found = await tenant.call('POST /v1/blocks/lookup', { kind: 'number', value: to });
    const [entry] = found.body['data'] as { id: string }[];
    expect(entry).toMatchObject({ reason: 'stop', author: 'gateway:http' });
    await tenant.call(`DELETE /v1/blocks/${entry!.id}`);
    expect(await tries(tenant, to)).toBe('201');
  });
});
