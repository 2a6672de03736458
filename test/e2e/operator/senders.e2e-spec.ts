import { MailServer } from '../../fakes/mail-server';
import { newNumber, type Tenant, useEngine } from '../../support/engine';

const NUMBER = '+12015550199';
const env: Record<string, string> = {
  SMS_HTTP_FROM: 'US:+12015550123;*:ACME',
  SMS_HTTP_ALLOWED_SENDERS: `ACMEPAY;${NUMBER}`,
  EMAIL_ROUTES: '*:smtp',
  SMS_SMTP_HOST: '127.0.0.1',
  SMS_SMTP_REQUIRE_TLS: 'false',
  SMS_SMTP_FROM: '"Acme" <no-reply@acme.example>',
  SMS_SMTP_ALLOWED_SENDERS: '"Acme; Pay \\"24\\"" <pay@acme.example>',
};
let mails: MailServer;
// Before the engine starts, which reads the port.
beforeAll(async () => {
  mails = await MailServer.start({ disabledCommands: ['STARTTLS'] });
  env['SMS_SMTP_PORT'] = String(mails.port);
});
const engine = useEngine({ processes: 1, env });
afterAll(() => mails.stop());

const senders = [
  { gateway: 'http', purpose: 'payment', from: `US:${NUMBER};*:ACMEPAY` },
  { gateway: 'smtp', channel: 'email', purpose: 'payment', from: '"Acme; Pay \\"24\\"" <pay@acme.example>' },
];
const settled = { headers: { prefer: 'wait=5' } };
/** From whom the text to a new number, or to this one, came. */
async function fromOf(tenant: Tenant, purpose?: string, to = newNumber(), on = 0): Promise<unknown> {
  const answer = await tenant.create({ to, ...(purpose && { purpose }) }, { ...settled, on });
  expect(answer).toMatchObject({ status: 201 });
  return engine.sink.sentTo(to).at(-1)?.from;
}
const save = (id: string, sender: object) =>
  engine.admin(`PATCH /v1/applications/${id}`, { settings: { senders: [sender] } });

describe('an application that chooses its sender', () => {
  // Catches: a choice that is saved, and does not reach the gateway.
  it('gets it for its purpose, and for the country', async () => {
    const tenant = await engine.tenant({ senders });
    expect(await fromOf(tenant, 'payment')).toBe('ACMEPAY');
    expect(await fromOf(tenant, 'payment', '+12015550142')).toBe(NUMBER);
    expect(await fromOf(tenant)).toBe('ACME');
    expect(await fromOf(await engine.tenant(), 'payment')).toBe('ACME');
  });

  it('gets it for its channel: a mailbox with a name in quotes', async () => {
    const tenant = await engine.tenant({ senders });
    const mail = async (purpose: string) => {
      const to = newNumber();
      await tenant.create({ to, channel: 'email', email: 'ana@example.com', purpose }, settled);
      return mails.mails.at(-1);
    };
    const paid = await mail('payment');
    expect(paid).toMatchObject({ from: 'pay@acme.example', to: ['ana@example.com'] });
    expect(paid?.text).toMatch(/^From: "Acme; Pay \\"24\\"" <pay@acme\.example>\r$/m);
    expect((await mail('login'))?.text).toMatch(/^From: "?Acme"? <no-reply@acme\.example>\r$/m);
  });

  it('sees it in the preview, with the gateway that would send', async () => {
    const tenant = await engine.tenant({ senders });
    const preview = async (purpose: string) =>
      (await tenant.call('POST /v1/messages/preview', { purpose, countries: ['US', 'ES'] })).body[
        'estimates'
      ];
    expect(await preview('payment')).toMatchObject([
      { sender: NUMBER },
      { gateway: 'http', sender: 'ACMEPAY' },
    ]);
    expect(await preview('login')).toMatchObject([{ sender: '+12015550123' }, { sender: 'ACME' }]);
  });

  // Catches: an application that writes in the name of another one, or of a bank.
  it.each([
    [{ gateway: 'http', from: 'MYBANK' }, 'from', /"MYBANK" is not among .*: \+12015550123, ACME, ACMEPAY,/],
    [{ gateway: 'http', channel: 'email', from: 'ACME' }, 'from', /has no senders on the channel email/],
    [{ gateway: 'htpp', from: 'ACME' }, 'gateway', /There are: console, http, smtp\./],
  ])('is told the field and what to write for %j', async (sender, field, remedy) => {
    const { id } = await engine.tenant();
    const answer = await save(id, sender);
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'invalid_request',
        errors: [{ path: `settings.senders.0.${field}`, message: expect.stringMatching(remedy) as string }],
      },
    });
  });

  // Catches: a sender that the operator has taken back, and that goes on being used.
  it('gets that of the gateway once the operator has taken its own back', async () => {
    const tenant = await engine.tenant({ senders });
    await engine.add({ SMS_HTTP_ALLOWED_SENDERS: '' });
    expect(await fromOf(tenant, 'payment', newNumber(), 1)).toBe('ACME');
    expect(await fromOf(tenant, 'payment', newNumber(), 0)).toBe('ACMEPAY');
  });
});
