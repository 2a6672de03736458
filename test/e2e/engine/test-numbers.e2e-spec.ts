import { newNumber, useEngine, wordFor, wrongCode } from '../../support/engine';

const engine = useEngine();
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
