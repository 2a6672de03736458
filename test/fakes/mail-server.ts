import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { TestCertificate } from './certificate';

/** At which point of a mail the server says something of its own. */
export type MailStep = 'sign-in' | 'sender' | 'recipient' | 'mail';

/** An error as the package `smtp-server` turns into a reply. */
function replying(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

export interface MailServerOptions {
  readonly certificate?: TestCertificate;
  /** TLS from the start. */
  readonly secure?: boolean;
  readonly disabledCommands?: string[];
  readonly login?: { readonly username: string; readonly password: string };
}

/** The package `smtp-server` on 127.0.0.1: a mail server that is not ours, which refuses where it is told to. */
export class MailServer {
  readonly mails: { readonly from: string; readonly to: string[]; readonly text: string; secure: boolean }[] =
    [];
  port = 0;
  private refusal: { readonly step: MailStep; readonly error: Error } | null = null;
  private delayMs = 0;
  private readonly server: SMTPServer;

  private constructor({ certificate, secure = false, disabledCommands, login }: MailServerOptions) {
    this.server = new SMTPServer({
      ...certificate,
      secure,
      disabledCommands,
      authOptional: login === undefined,
      disableReverseLookup: true,
      closeTimeout: 200,
      onAuth: ({ username, password }, _session, done) => {
        const known = username === login?.username && password === login?.password;
        if (this.refused('sign-in', done)) return;
        if (known) return done(null, { user: username });
        done(replying(535, '5.7.8 Authentication failed'));
      },
      onMailFrom: (_address, _session, done) => {
        if (!this.refused('sender', done)) done();
      },
      onRcptTo: (_address, _session, done) => {
        if (!this.refused('recipient', done)) done();
      },
      onData: (stream, { envelope, secure: overTls }, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (this.refused('mail', done)) return;
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          const to = envelope.rcptTo.map(({ address }) => address);
          this.mails.push({ from, to, text: Buffer.concat(chunks).toString('utf8'), secure: overTls });
          setTimeout(() => done(null, 'queued'), this.delayMs).unref();
        });
      },
    });
    this.server.on('error', () => undefined);
  }

  static async start(options: MailServerOptions = {}): Promise<MailServer> {
    const mailServer = new MailServer(options);
    await new Promise<void>((resolve) => mailServer.server.listen(0, '127.0.0.1', resolve));
    mailServer.port = (mailServer.server.server.address() as AddressInfo).port;
    return mailServer;
  }

  get connections(): number {
    return this.server.connections.size;
  }

  refuse(step: MailStep, code: number, text: string): void {
    this.refusal = { step, error: replying(code, text) };
  }

  slow(delayMs: number): void {
    this.delayMs = delayMs;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private refused(step: MailStep, done: (error: Error) => void): boolean {
    if (this.refusal?.step !== step) return false;
    done(this.refusal.error);
    return true;
  }
}

/** What a server that misbehaves does with one line or, after DATA, with the whole mail: `reset`, `end`, `hang`, or a reply. */
export type RawAnswer = string;

/** A server that speaks just enough SMTP to break off wherever it is told to. */
export class BrokenMailServer {
  connections = 0;
  /** Mails that came with the dot at their end. */
  whole = 0;
  port = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(private readonly answerTo: (line: string, connection: number) => RawAnswer) {
    this.server = createServer((socket) => this.serve(socket));
  }

  /** @param answerTo gets `connect`, each command's first word, and `mail` after the dot */
  static async start(answerTo: (line: string, connection: number) => RawAnswer): Promise<BrokenMailServer> {
    const broken = new BrokenMailServer(answerTo);
    await new Promise<void>((resolve) => broken.server.listen(0, '127.0.0.1', resolve));
    broken.port = (broken.server.address() as AddressInfo).port;
    return broken;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    const connection = (this.connections += 1);
    this.sockets.add(socket);
    let buffer = '';
    let isMail = false;
    const say = (word: string) => {
      const answer = this.answerTo(word, connection);
      if (answer === 'reset') socket.resetAndDestroy();
      else if (answer === 'end') socket.end();
      else if (answer !== 'hang') socket.write(`${answer}\r\n`);
      if (word === 'DATA' && answer.startsWith('354')) isMail = true;
    };
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      buffer += chunk.toString('latin1');
      for (;;) {
        const end = isMail ? '\r\n.\r\n' : '\r\n';
        const at = buffer.indexOf(end);
        if (at < 0) return;
        const word = isMail ? 'mail' : (/^[A-Z]+/i.exec(buffer)?.[0] ?? '').toUpperCase();
        buffer = buffer.slice(at + end.length);
        if (isMail) this.whole += 1;
        isMail = false;
        say(word);
      }
    });
    say('connect');
  }
}
