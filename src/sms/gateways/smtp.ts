import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { SendMailOptions } from 'nodemailer';
import { z } from 'zod';
import type { TcpConnector } from '../../common/outbound/tcp-connector';
import { defineGateway } from '../gateway';
import type { SmsMessage, SmsOutcome } from '../gateway';
import { allowedSendersSetting, everySendersSetting, sendersFor } from '../protocols/senders';
import { outcomeOfFailure } from '../protocols/smtp/mail-failure';
import { readMailbox } from '../protocols/smtp/mailbox';
import type { Mailbox } from '../protocols/smtp/mailbox';

/**
 * E-mail over any SMTP server (RFC 5321). Plain text only: nothing to click on, nothing to imitate, and every mail
 * program shows the code in its preview.
 */
const config = z
  .strictObject({
    host: z.string().min(1).describe('Name or address of the mail server'),
    port: z.coerce
      .number()
      .int()
      .min(1)
      .max(65_535)
      .default(587)
      .describe('Its port; with SECURE mostly 465'),
    username: z.string().min(1).optional().describe('Account; without it, nobody signs in'),
    password: z.string().min(1).optional().describe('Its password').meta({ secret: true }),
    from: everySendersSetting(
      (text) => readMailbox(text) !== null,
      'must be otp@example.com or "Example" <otp@example.com>',
    ).describe('Sender: an address, or a name with the address in angle brackets; also for each country'),
    allowedSenders: allowedSendersSetting(),
    secure: z.stringbool().default(false).describe('True: TLS from the start; false: after STARTTLS'),
    requireTls: z
      .stringbool()
      .default(true)
      .describe(
        'False: in the clear where the server offers no STARTTLS; codes and password can be read then',
      ),
    name: z
      .string()
      .regex(/^[A-Za-z0-9.-]{1,253}$/)
      .optional()
      .describe('Name for EHLO; without it, that of the machine'),
    servername: z.string().min(1).optional().describe('Name in the certificate, where it is not HOST'),
    ca: z
      .string()
      .transform((pem) => pem.replaceAll('\\n', '\n'))
      .optional()
      .describe(
        'Certificate (PEM) of the authority to believe instead of the known ones; \\n for line breaks',
      ),
  })
  .refine(
    ({ username, password }) => (username === undefined) === (password === undefined),
    'USERNAME and PASSWORD go together',
  );
type Config = z.infer<typeof config>;
const SENDERS = { email: 'from' } as const;

const CONNECTIONS = 10;
/** Before a mail is sent: its signal may be up to 4 s away, and then there shall be time for another gateway. */
const OPEN_TIMEOUT_MS = 3_000;
/** Longer than any attempt, so that it only ends connections that nobody waits for. */
const SILENCE_TIMEOUT_MS = 60_000;
/** Many servers close after a minute or more. */
const IDLE_TIMEOUT_MS = 30_000;

export default defineGateway({
  name: 'smtp',
  channels: ['email'],
  validity: {
    email: { none: 'Mail servers try for days: a mail that hangs may arrive after its code has died.' },
  },
  docs: {
    title: 'E-mail over SMTP',
    verified:
      'Over real sockets against the package `smtp-server` (sign-in, STARTTLS, TLS, every class of reply) and against a server that breaks off at every step; not against a hoster. NIST SP 800-63B-4 §3.1.3 does not accept e-mail as an out-of-band channel: use it where that is not asked for, or as the last resort.',
    receipts: 'None: a mail that was accepted counts as sent. What comes back goes to the mailbox in FROM.',
  },
  limits: { maxCharacters: 10_000, inFlight: CONNECTIONS },
  config,
  senders: SENDERS,
  create: (settings, { tcp }) => {
    const opening = openMailer(settings, tcp);
    // Told by the first send; unhandled it would end the process.
    opening.catch(() => undefined);
    return {
      send: async (message, signal) => {
        const sender = readMailbox(sendersFor(settings, SENDERS, message).from);
        // The setting was checked, and what an application chooses as well.
        if (!sender) return { outcome: 'rejected', reason: 'content', vendorCode: 'not-configured' };
        return deliver(await opening, mailOf(message, sender), signal);
      },
      async close() {
        const mailer = await opening.catch(() => null);
        mailer?.close({ force: true });
      },
    };
  },
});

type Mailer = Awaited<ReturnType<typeof openMailer>>;
type Mail = ReturnType<typeof mailOf>;
/** What the client library carries along for us. */
type TrackedMail = SendMailOptions & { readonly reading: Reading };

type SocketCallback = (error: Error | null, socket?: { readonly connection: Socket }) => void;

/** Loads the client library, which only those pay for who route this gateway. */
async function openMailer(settings: Config, tcp: TcpConnector) {
  const { createTransport } = await import('nodemailer');
  const { host, port, secure, requireTls: requireTLS, name, username, password, servername, ca } = settings;
  const mailer = createTransport({
    pool: true,
    ...{ host, port, secure, requireTLS, name },
    auth: username === undefined ? undefined : { user: username, pass: password },
    tls: { servername, ca, rejectUnauthorized: true },
    maxConnections: CONNECTIONS,
    // What was lost before anything was said goes out once more over a new connection; never what was begun.
    maxRequeues: 1,
    connectionTimeout: OPEN_TIMEOUT_MS,
    greetingTimeout: OPEN_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    idleTimeout: IDLE_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    // Our connection, for the rule for private addresses; TLS is put on top of it.
    getSocket: (_options: unknown, callback: SocketCallback) => {
      tcp.connect({ host, port }, AbortSignal.timeout(OPEN_TIMEOUT_MS)).then(
        (connection) => callback(null, { connection }),
        (error: unknown) => callback(error as Error),
      );
    },
  });
  mailer.use('stream', ({ message, data }, done) => {
    const createReadStream = message.createReadStream.bind(message);
    const { reading } = data as TrackedMail;
    message.createReadStream = (options) => reading.of(createReadStream(options));
    done();
  });
  return mailer;
}

/**
 * Whether the server has begun to take a mail. The library reads the mail only once the server has asked for it
 * (354): what fails before was certainly not taken.
 */
class Reading {
  private readonly streams: Readable[] = [];

  of(stream: Readable): Readable {
    this.streams.push(stream);
    return stream;
  }

  get hasBegun(): boolean {
    return this.streams.some((stream) => stream.readableDidRead);
  }
}

function mailOf({ id, to, subject, text, locale }: SmsMessage, { name, address, domain }: Mailbox) {
  return {
    from: { name, address },
    // As an object: a text would be searched for further addresses.
    to: { name: '', address: to },
    subject: subject ?? '',
    text,
    messageId: `<${id}@${domain}>`,
    // RFC 3834: absence notices and the like are not to be sent back.
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': locale },
  };
}

async function deliver(mailer: Mailer, mail: Mail, signal: AbortSignal): Promise<SmsOutcome> {
  const reading = new Reading();
  try {
    const tracked: TrackedMail = { ...mail, signal, reading };
    await mailer.sendMail(tracked);
    return { outcome: 'accepted', reference: mail.messageId.slice(1, -1) };
  } catch (error) {
    return outcomeOfFailure(error, reading.hasBegun);
  }
}
