import type { AddressInfo, Server } from 'node:net';
import smpp from 'smpp';
import type { Pdu, Session } from 'smpp';
import type { TestCertificate } from './certificate';

/** What the SMSC does with a `submit_sm`. */
export type SubmitBehaviour =
  | { readonly kind: 'answer'; readonly status: number; readonly id?: string }
  /** Answers after that many milliseconds. */
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'nack'; readonly status: number }
  /** Resets the connection once the request was read. */
  | { readonly kind: 'reset' }
  /** Ends the connection in an orderly way once the request was read. */
  | { readonly kind: 'end' }
  /** Answers with bytes that are no PDU. */
  | { readonly kind: 'garbage'; readonly bytes: Buffer };

/** An SMSC on 127.0.0.1 over real sockets that behaves as told and keeps what it was sent. */
export class FakeSmsc {
  readonly binds: Pdu[] = [];
  readonly submits: Pdu[] = [];
  readonly enquiries: Pdu[] = [];
  readonly nacks: Pdu[] = [];
  readonly sessions: Session[] = [];
  unbinds = 0;
  /** Most `submit_sm` that were unanswered at once. */
  mostUnanswered = 0;
  bindStatus = 0;
  /** Answers no `enquire_link` any more. */
  silent = false;
  port = 0;
  private unanswered = 0;
  private lastId = 0;
  private behaviour: (pdu: Pdu, nth: number) => SubmitBehaviour = () => this.accept();
  private readonly server: Server;

  private constructor(tls?: TestCertificate) {
    this.server = smpp.createServer(tls ?? {}, (session) => this.serve(session));
    this.server.on('tlsClientError', () => undefined);
  }

  static async start(tls?: TestCertificate, port = 0): Promise<FakeSmsc> {
    const smsc = new FakeSmsc(tls);
    await new Promise<void>((resolve) => smsc.server.listen(port, '127.0.0.1', resolve));
    smsc.port = (smsc.server.address() as AddressInfo).port;
    return smsc;
  }

  accept(): SubmitBehaviour {
    this.lastId += 1;
    return { kind: 'answer', status: 0, id: `id-${this.lastId}` };
  }

  /** `nth` counts the requests from 0. */
  onSubmit(behaviour: SubmitBehaviour | ((pdu: Pdu, nth: number) => SubmitBehaviour)): void {
    this.behaviour = typeof behaviour === 'function' ? behaviour : () => behaviour;
  }

  get session(): Session {
    const last = this.sessions.at(-1);
    if (!last) throw new Error('nobody is bound');
    return last;
  }

  /** Delivers over the last session; the status of the answer. */
  deliver(parameters: Readonly<Record<string, unknown>>): Promise<number> {
    return new Promise((resolve) => {
      this.session.deliver_sm(parameters, ({ command_status }) => resolve(command_status));
    });
  }

  /** From now on nothing is read; what comes stays in the kernel until the connection is reset. */
  stopReading(): void {
    const { socket } = this.session;
    socket.removeAllListeners('readable');
    socket.pause();
    setTimeout(() => socket.resetAndDestroy(), 60);
  }

  dropAll(): void {
    for (const session of this.sessions.splice(0)) session.destroy();
  }

  async stop(): Promise<void> {
    this.dropAll();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(session: Session): void {
    session.on('error', () => session.destroy());
    session.on('pdu', (pdu: Pdu) => this.hear(session, pdu));
  }

  private hear(session: Session, pdu: Pdu): void {
    switch (pdu.command) {
      case 'bind_transceiver':
        this.binds.push(pdu);
        session.send(pdu.response({ command_status: this.bindStatus, system_id: 'fake' }));
        if (this.bindStatus === 0) this.sessions.push(session);
        return;
      case 'enquire_link':
        this.enquiries.push(pdu);
        if (!this.silent) session.send(pdu.response());
        return;
      case 'unbind':
        this.unbinds += 1;
        session.send(pdu.response());
        return session.close();
      case 'generic_nack':
        this.nacks.push(pdu);
        return;
      case 'submit_sm':
        return this.submit(session, pdu);
    }
  }

  private submit(session: Session, pdu: Pdu): void {
    this.submits.push(pdu);
    this.unanswered += 1;
    this.mostUnanswered = Math.max(this.mostUnanswered, this.unanswered);
    const respond = (parameters: Readonly<Record<string, unknown>>) => {
      this.unanswered -= 1;
      session.send(pdu.response(parameters));
    };
    const behaviour = this.behaviour(pdu, this.submits.length - 1);
    switch (behaviour.kind) {
      case 'answer':
        return respond({ command_status: behaviour.status, message_id: behaviour.id ?? '' });
      case 'slow':
        setTimeout(() => respond({ message_id: `slow-${this.submits.length}` }), behaviour.ms);
        return;
      case 'nack':
        session.generic_nack({ sequence_number: pdu.sequence_number, command_status: behaviour.status });
        return;
      case 'reset':
        session.socket.resetAndDestroy();
        return;
      case 'end':
        session.socket.end();
        return;
      case 'garbage':
        session.socket.write(behaviour.bytes);
        return;
      case 'hang':
        return;
    }
  }
}
