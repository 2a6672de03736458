import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import { GuardedTcpConnector } from '../../common/outbound/tcp-connector.service';
import { aMessage } from '../../testing/message';
import { gatewayTools } from '../../testing/contracts/gateway-tools';
import { gatewayContract } from '../../testing/contracts/gateway.contract';
import { selfSigned } from '../../../test/fakes/certificate';
import { BrokenMailServer, MailServer } from '../../../test/fakes/mail-server';
import type { MailServerOptions, MailStep } from '../../../test/fakes/mail-server';
import type { SmsMessage, SmsOutcome, Gateway, GatewayTools } from '../gateway';
import definition from './smtp';

const PASSWORD = 'pw-7Yt3+x';
const http = new UndiciHttpClient({ allowPrivate: true });
const open: { close?(): Promise<void>; stop?(): Promise<void> }[] = [];

function gatewayAt(
  port: number,
  settings: Record<string, string> = {},
  tools: Partial<GatewayTools> = {},
): Gateway {
  const base = {
    host: '127.0.0.1',
    port: String(port),
    from: 'Example Bank <otp@example.com>',
    requireTls: 'false',
  };
  const gateway = definition.create(
    definition.config.parse({ ...base, ...settings }),
    gatewayTools(http, tools),
  );
  open.push(gateway);
  return gateway;
}

const anEmail = (more: Partial<SmsMessage> = {}) =>
  aMessage({ channel: 'email', to: 'jane@example.org', subject: 'Your code', country: null, ...more });

const send = (gateway: Gateway, message = anEmail(), timeoutMs = 5_000): Promise<SmsOutcome> =>
  gateway.send(message, AbortSignal.timeout(timeoutMs));

async function mailServer(options?: MailServerOptions): Promise<MailServer> {
  const server = await MailServer.start({ disabledCommands: ['STARTTLS'], ...options });
  open.push(server);
  return server;
}

async function brokenServer(answers: Record<string, string>): Promise<BrokenMailServer> {
  const usual: Record<string, string> = { connect: '220 broken ESMTP', DATA: '354 go on', QUIT: '221 bye' };
  const server = await BrokenMailServer.start((word) => answers[word] ?? usual[word] ?? '250 fine');
  open.push(server);
  return server;
}

afterEach(async () => {
  // The newest first: a server waits until it is left.
  for (const one of open.splice(0).reverse()) await (one.close?.() ?? one.stop?.());
});
afterAll(() => http.close());

describe('the smtp gateway', () => {
  gatewayContract(async () => {
    const server = await mailServer();
    const gateway = gatewayAt(server.port);
    return {
      gateway: { send: (message, signal) => gateway.send({ ...message, to: 'jane@example.org' }, signal) },
      hang: () => server.slow(60_000),
      stop: () => gateway.close?.() ?? Promise.resolve(),
    };
  });

  describe('what it sends', () => {
    it('is one plain mail with code and subject, marked as automatic', async () => {
      const server = await mailServer();
      const message = anEmail({ text: 'Ihr Code lautet 483920.\nGrüße 😀', locale: 'de' });
      expect(await send(gatewayAt(server.port), message)).toEqual({
        outcome: 'accepted',
        reference: `${message.id}@example.com`,
      });
      expect(server.mails).toHaveLength(1);
      const [mail] = server.mails;
      expect(mail).toMatchObject({ from: 'otp@example.com', to: ['jane@example.org'] });
      const [head = '', body = ''] = mail!.text.split('\r\n\r\n');
      const headers = new Map(
        head.split('\r\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]),
      );
      expect(Object.fromEntries(headers)).toMatchObject({
        From: 'Example Bank <otp@example.com>',
        To: 'jane@example.org',
        Subject: 'Your code',
        'Message-ID': `<${message.id}@example.com>`,
        'Auto-Submitted': 'auto-generated',
        'Content-Language': 'de',
        'Content-Type': 'text/plain; charset=utf-8',
      });
      expect(head).not.toContain('483920');
      const decoded =
        headers.get('Content-Transfer-Encoding') === 'base64' ? Buffer.from(body, 'base64').toString() : body;
      expect(decoded).toContain('483920');
    });

    // Catches: an address, a subject or a name that is put together into lines or lists by hand.
    it('goes to one address only, whatever the address or the subject holds', async () => {
      const server = await mailServer();
      const gateway = gatewayAt(server.port);
      await send(gateway, anEmail({ to: 'jane@example.org, eve@evil.example' }));
      await send(gateway, anEmail({ to: 'jane@example.org\r\nRCPT TO:<eve@evil.example>' }));
      await send(gateway, anEmail({ subject: 'Hi\r\nBcc: eve@evil.example\r\n\r\nhello' }));
      for (const { to, text } of server.mails) {
        expect(to.join()).not.toMatch(/^eve|,eve|eve@evil\.example$/);
        expect(text).not.toMatch(/^bcc:/im);
      }
      expect(server.mails.at(-1)?.to).toEqual(['jane@example.org']);
    });

    it('uses connections again, and never more than ten', async () => {
      const server = await mailServer();
      server.slow(30);
      const gateway = gatewayAt(server.port);
      const sending = Promise.all(Array.from({ length: 30 }, () => send(gateway)));
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect(server.connections).toBeLessThanOrEqual(10);
      expect((await sending).every(({ outcome }) => outcome === 'accepted')).toBe(true);
      expect(server.mails).toHaveLength(30);
    });
  });

  describe('signing in', () => {
    const login = { username: 'acme', password: PASSWORD };

    it('works with the right password', async () => {
      const server = await mailServer({ login });
      expect(await send(gatewayAt(server.port, login))).toMatchObject({ outcome: 'accepted' });
    });

    it('is refused with a wrong one, and without', async () => {
      const server = await mailServer({ login });
      const wrong = await send(gatewayAt(server.port, { username: 'acme', password: 'wrong' }));
      expect(wrong).toEqual({ outcome: 'rejected', reason: 'unauthorized', vendorCode: '5.7.8' });
      expect(await send(gatewayAt(server.port))).toMatchObject({
        outcome: 'rejected',
        reason: 'unauthorized',
      });
    });
  });

  describe('over TLS', () => {
    const oneLine = (pem: string) => pem.replaceAll('\r', '').replaceAll('\n', '\\n');

    it.each([
      ['after STARTTLS', false],
      ['from the start', true],
    ])('sends %s when the certificate can be believed', async (_name, secure) => {
      const certificate = await selfSigned('mail.example');
      const server = await mailServer({ certificate, secure, disabledCommands: [] });
      const settings = { ca: oneLine(certificate.cert), requireTls: 'true', secure: String(secure) };
      expect(await send(gatewayAt(server.port, settings))).toMatchObject({ outcome: 'accepted' });
      expect(await send(gatewayAt(server.port, { ...settings, servername: 'mail.example' }))).toMatchObject({
        outcome: 'accepted',
      });
      expect(server.mails.map(({ secure: overTls }) => overTls)).toEqual([true, true]);
    });

    // Catches: rejectUnauthorized switched off, a name that is not compared.
    it.each([false, true])('sends nothing when it cannot (from the start: %s)', async (secure) => {
      const certificate = await selfSigned('mail.example');
      const server = await mailServer({ certificate, secure, disabledCommands: [] });
      const settings = { requireTls: 'true', secure: String(secure) };
      const otherName: Record<string, string> = {
        ca: oneLine(certificate.cert),
        servername: 'other.example',
      };
      for (const more of [{}, otherName]) {
        expect(await send(gatewayAt(server.port, { ...settings, ...more }))).toEqual({
          outcome: 'rejected',
          reason: 'unavailable',
        });
      }
      expect(server.mails).toEqual([]);
    });

    // Catches: a server (or somebody in between) that does not offer STARTTLS and gets password and code in the clear.
    it('is asked for by default: a server that offers none gets nothing', async () => {
      const login = { username: 'acme', password: PASSWORD };
      const server = await mailServer({ login });
      const outcome = await send(gatewayAt(server.port, { ...login, requireTls: 'true' }));
      expect(outcome).toMatchObject({ outcome: 'rejected', reason: 'unavailable' });
      expect(server.mails).toEqual([]);
      const config = definition.config.parse({ host: 'x', from: 'a@example.com' });
      expect(config).toMatchObject({ requireTls: true, port: 587 });
    });
  });

  it.each<[MailStep, number, string, string, string]>([
    ['recipient', 550, '5.1.1 No such user', 'invalid-number', '5.1.1'],
    ['recipient', 450, '4.2.0 Grey-listed', 'refused', '4.2.0'],
    ['recipient', 451, '4.7.1 Too many', 'refused', '4.7.1'],
    ['recipient', 554, '5.7.1 Relay access denied', 'refused', '5.7.1'],
    ['sender', 553, '5.7.1 Not your address', 'unauthorized', '5.7.1'],
    ['sender', 452, 'Out of space', 'unavailable', '452'],
    ['mail', 554, '5.7.1 Spam', 'content', '5.7.1'],
    ['mail', 552, 'Too long', 'content', '552'],
    ['mail', 421, '4.3.2 Going down', 'unavailable', '4.3.2'],
    ['mail', 451, '4.3.0 Local error', 'unavailable', '4.3.0'],
  ])('reads what the server says of the %s: %i %s', async (step, code, text, reason, vendorCode) => {
    const server = await mailServer();
    server.refuse(step, code, text);
    const gateway = gatewayAt(server.port);
    expect(await send(gateway)).toEqual({ outcome: 'rejected', reason, vendorCode });
    expect(await send(gateway)).toMatchObject({ outcome: 'rejected' });
  });

  describe('when the server breaks off', () => {
    it.each([
      ['connect', 'reset'],
      ['connect', 'end'],
      ['connect', 'hang'],
      ['connect', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
      ['connect', '554 no service'],
      ['EHLO', 'reset'],
      ['EHLO', 'hang'],
      ['MAIL', 'reset'],
      ['MAIL', 'end'],
      ['RCPT', 'reset'],
      ['RCPT', 'hang'],
      ['DATA', 'reset'],
      ['DATA', 'hang'],
      ['DATA', '421 not now'],
    ])('before it took the mail, nothing was sent: %s, %j', async (word, answer) => {
      const server = await brokenServer({ [word]: answer });
      expect(await send(gatewayAt(server.port), anEmail(), 1_000)).toMatchObject({
        outcome: 'rejected',
        reason: 'unavailable',
      });
      expect(server.whole).toBe(0);
    });

    // Catches: a failure after the end of the mail taken for a refusal; a mail that is sent again by itself.
    it.each(['reset', 'end', 'hang', 'garbage'])(
      'after it took the mail, nobody knows, and it went out once: %s',
      async (answer) => {
        const server = await brokenServer({ mail: answer });
        expect(await send(gatewayAt(server.port), anEmail(), 1_000)).toEqual({ outcome: 'unknown' });
        expect(server.whole).toBe(1);
      },
    );

    it('waits for a slow server, and ends at the signal', async () => {
      const server = await mailServer();
      server.slow(200);
      const gateway = gatewayAt(server.port);
      expect(await send(gateway)).toMatchObject({ outcome: 'accepted' });
      server.slow(5_000);
      expect(await send(gateway, anEmail(), 150)).toEqual({ outcome: 'unknown' });
    });

    it('knows that a server which cannot be reached took nothing', async () => {
      const closed = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => closed.once('listening', resolve));
      const { port } = closed.address() as AddressInfo;
      await new Promise((resolve) => closed.close(resolve));
      expect(await send(gatewayAt(port))).toEqual({ outcome: 'rejected', reason: 'unavailable' });
    });

    it('sends over a new connection what a stale one did not take', async () => {
      const answers: Record<string, string> = { connect: '220 x', DATA: '354 go on', mail: '250 queued' };
      const server = await BrokenMailServer.start((word, connection) =>
        word === 'MAIL' && connection === 1 && server.whole === 1 ? 'reset' : (answers[word] ?? '250 fine'),
      );
      open.push(server);
      const gateway = gatewayAt(server.port);
      await send(gateway);
      expect(await send(gateway)).toMatchObject({ outcome: 'accepted' });
      expect([server.connections, server.whole]).toEqual([2, 2]);
    });
  });

  // Catches: connections of the library's own.
  it('goes to no private address where those are refused', async () => {
    const server = await mailServer();
    const gateway = gatewayAt(server.port, {}, { tcp: new GuardedTcpConnector({ allowPrivate: false }) });
    expect(await send(gateway)).toEqual({ outcome: 'rejected', reason: 'unavailable' });
    expect(server.connections).toBe(0);
  });

  it('shows neither address, code nor password, whatever the server says', async () => {
    const message = anEmail();
    for (const word of ['connect', 'MAIL', 'RCPT', 'DATA', 'mail']) {
      const server = await brokenServer({ [word]: `550 5.1.1 <${message.to}> ${message.code} ${PASSWORD}` });
      const shown = JSON.stringify(await send(gatewayAt(server.port), message));
      expect(shown).not.toMatch(/jane|483920|7Yt3/);
    }
  });

  it('is closed while it sends, and sends no more', async () => {
    const server = await mailServer();
    server.slow(5_000);
    const gateway = gatewayAt(server.port);
    const sending = send(gateway, anEmail(), 4_000);
    while (server.mails.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await gateway.close?.();
    expect(await sending).toEqual({ outcome: 'unknown' });
    expect(await send(gateway)).toEqual({ outcome: 'rejected', reason: 'unavailable' });
  });

  it.each([
    { from: 'nobody' },
    { from: 'Jane <jane@example.com>, x@example.com' },
    { from: 'a@example.com\r\nBcc: x@example.com' },
    { username: 'only' },
    { name: 'two words' },
    { unknown: 'x' },
  ])('does not take the settings %j', (settings) => {
    const base = { host: 'mail.example', from: 'otp@example.com' };
    expect(definition.config.safeParse(base).success).toBe(true);
    expect(definition.config.safeParse({ ...base, ...settings }).success).toBe(false);
  });
});
