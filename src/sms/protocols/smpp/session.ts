import type { Pdu, Session, Smpp } from 'smpp';
import type { TcpConnector, TcpTarget } from '../../../common/outbound/tcp-connector';
import type { Delivered } from './receipt';
import { SubmitWindow } from './submit-window';

/** Where and as whom to bind. */
export interface SmppAccount {
  readonly target: TcpTarget;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  /** `submit_sm` on the way at once. */
  readonly window: number;
  /** From one `enquire_link` to the next; a link that is silent in between is given up. */
  readonly enquireLinkMs: number;
}

/** What became of one `submit_sm`. */
export type Submitted =
  | { readonly kind: 'accepted'; readonly id: string | undefined }
  | { readonly kind: 'refused'; readonly status: number }
  /** Certainly nothing was written. */
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'unknown' };

/** The SMSC did not let us in. */
export class BindRefusedError extends Error {
  constructor(readonly status: number) {
    super('bind refused');
    this.name = 'BindRefusedError';
  }
}

/** From the first packet to the answer to `bind`. */
const OPEN_TIMEOUT_MS = 8_000;
/** An answer that takes longer does not come any more: its place in the window is given to the next. */
const RESPONSE_TIMEOUT_MS = 10_000;
const UNBIND_TIMEOUT_MS = 500;
/** Receipts being stored at once; SMSCs keep to windows far smaller than this. */
const MAX_DELIVERING = 500;

/** SMPP 3.4 §5.1.3. */
const OK = 0;
const INVALID_COMMAND = 0x03;
const TEMPORARY_ERROR = 0x64;
const INTERFACE_VERSION = 0x34;

/** @returns whether it is safe, so that the SMSC may forget it */
export type OnDelivery = (delivered: Delivered) => Promise<boolean>;

/** Connects and binds. Throws `BindRefusedError`, or something else when no session came about. */
export async function openSession(
  account: SmppAccount,
  tcp: TcpConnector,
  onDelivery: OnDelivery,
  closing: AbortSignal,
): Promise<SmppSession> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(OPEN_TIMEOUT_MS)]);
  const { default: smpp } = await import('smpp');
  const socket = await tcp.connect(account.target, signal);
  const session = new SmppSession(smpp, new smpp.Session({ socket }), account, onDelivery);
  await session.bind(account, signal);
  return session;
}

/** One connection to an SMSC. Once it has ended it stays so. */
export class SmppSession {
  /** Resolves when the connection is gone, for whatever reason. */
  readonly ended: Promise<void>;
  private readonly window: SubmitWindow;
  private readonly unanswered = new Set<(outcome: Submitted) => void>();
  private silent = false;
  private delivering = 0;

  constructor(
    private readonly smpp: Smpp,
    private readonly session: Session,
    { window, enquireLinkMs }: SmppAccount,
    private readonly onDelivery: OnDelivery,
  ) {
    this.window = new SubmitWindow(window);
    const pulse = setInterval(() => this.beat(), enquireLinkMs);
    this.ended = new Promise((resolve) => {
      session.on('close', () => {
        clearInterval(pulse);
        for (const settle of this.unanswered) settle({ kind: 'unknown' });
        resolve();
      });
    });
    // Mandatory: the process would end otherwise. After bytes that are no PDU nothing that follows can be read.
    session.on('error', () => session.destroy());
    // Before the bind, because the first receipts may come in one packet with its answer.
    session.on('pdu', (pdu: Pdu) => this.hear(pdu));
  }

  async bind({ systemId, password, systemType }: SmppAccount, signal: AbortSignal): Promise<void> {
    const credentials = { system_id: systemId, password, system_type: systemType };
    const giveUp = () => this.session.destroy();
    signal.addEventListener('abort', giveUp);
    try {
      const status = await new Promise<number | null>((resolve) => {
        void this.ended.then(() => resolve(null));
        const parameters = { ...credentials, interface_version: INTERFACE_VERSION };
        this.session.bind_transceiver(parameters, ({ command_status }) => resolve(command_status));
      });
      if (status === OK && !signal.aborted) return;
      this.session.destroy();
      throw status === null || status === OK ? new Error('no session') : new BindRefusedError(status);
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** Writes one `submit_sm` when the window has a place for it, and waits for the answer as long as the signal lets it. */
  async submit(parameters: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Submitted> {
    if (!(await this.window.enter(signal))) return { kind: 'not-sent' };
    return new Promise((resolve) => {
      const giveUp = () => resolve({ kind: 'unknown' });
      // The place stays taken when the caller has lost patience: the SMSC still counts the request.
      const settle = (outcome: Submitted) => {
        if (!this.unanswered.delete(settle)) return;
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        this.window.leave();
        resolve(outcome);
      };
      const timer = setTimeout(settle, RESPONSE_TIMEOUT_MS, { kind: 'unknown' });
      this.unanswered.add(settle);
      signal.addEventListener('abort', giveUp);
      const written = this.session.submit_sm(parameters, (response) => settle(submittedAs(response)));
      if (!written) settle({ kind: 'not-sent' });
    });
  }

  /** Says good-bye, and leaves whether or not it is answered. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      this.ended,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, UNBIND_TIMEOUT_MS);
        if (!this.session.unbind({}, () => resolve())) resolve();
      }),
    ]);
    clearTimeout(timer);
    this.session.destroy();
    await this.ended;
  }

  private beat(): void {
    // Nothing came since the last question, not even its answer.
    if (this.silent) return this.session.destroy();
    this.silent = true;
    this.session.enquire_link();
  }

  private hear(pdu: Pdu): void {
    this.silent = false;
    if (pdu.isResponse()) return;
    switch (pdu.command) {
      case 'deliver_sm':
      case 'data_sm':
        return void this.deliver(pdu);
      case 'enquire_link':
        return void this.session.send(pdu.response());
      case 'unbind':
        this.session.send(pdu.response());
        return this.session.close();
      default:
        this.session.generic_nack({
          sequence_number: pdu.sequence_number,
          command_status: INVALID_COMMAND,
        });
    }
  }

  private async deliver(pdu: Pdu): Promise<void> {
    const safe = this.delivering < MAX_DELIVERING && (await this.store(pdu));
    this.session.send(pdu.response({ command_status: safe ? OK : TEMPORARY_ERROR }));
  }

  private async store(pdu: Pdu): Promise<boolean> {
    this.delivering += 1;
    try {
      return await this.onDelivery({
        esmClass: pdu.esm_class ?? 0,
        text: this.textOf(pdu),
        messageId: pdu.receipted_message_id,
        messageState: pdu.message_state,
      });
    } finally {
      this.delivering -= 1;
    }
  }

  /** Receipts are ASCII; the package reads them in the GSM alphabet, where `_`, `@` and `$` mean something else. */
  private textOf({ short_message: short, message_payload: long }: Pdu): string {
    const { message = '' } = (short?.message.length ?? 0) > 0 ? (short ?? {}) : (long ?? {});
    const octets = typeof message === 'string' ? this.smpp.encodings.ASCII.encode(message) : message;
    return octets.toString('latin1');
  }
}

function submittedAs({ command, command_status: status, message_id: id }: Pdu): Submitted {
  if (status !== OK) return { kind: 'refused', status };
  return command === 'submit_sm_resp'
    ? { kind: 'accepted', id: id === '' ? undefined : id }
    : { kind: 'unknown' };
}
