/** The part of the package `smpp` (0.5, which brings no types) that is used here and in its tests. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server as TcpServer, Socket } from 'node:net';

  /** A text as it is written (`udh` before it), or as it was read: a Buffer where the coding is not known. */
  interface ShortMessage {
    readonly udh?: Buffer;
    readonly message: string | Buffer;
  }

  interface Pdu {
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    /** Absent in answers that report an error. */
    readonly message_id?: string;
    readonly esm_class?: number;
    readonly data_coding?: number;
    readonly short_message?: ShortMessage;
    readonly message_payload?: ShortMessage;
    readonly receipted_message_id?: string;
    readonly message_state?: number;
    readonly [parameter: string]: unknown;
    isResponse(): boolean;
    response(parameters?: Parameters): Pdu;
  }

  type Parameters = Readonly<Record<string, unknown>>;
  /** False: nothing was written. */
  type Command = (parameters?: Parameters, onResponse?: (response: Pdu) => void) => boolean;

  class Session extends EventEmitter {
    constructor(options: { readonly socket: Socket });
    readonly socket: Socket;
    send(pdu: Pdu): boolean;
    bind_transceiver: Command;
    submit_sm: Command;
    deliver_sm: Command;
    enquire_link: Command;
    generic_nack: Command;
    unbind: Command;
    close(): void;
    destroy(): void;
  }

  interface Coder {
    encode(text: string): Buffer;
    decode(octets: Buffer): string;
  }

  interface Smpp {
    readonly Session: typeof Session;
    /** `ASCII` is the GSM alphabet. */
    readonly encodings: { readonly ASCII: Coder };
    createServer(
      options: { readonly key?: string; readonly cert?: string },
      onSession: (session: Session) => void,
    ): TcpServer;
  }

  const smpp: Smpp;
  // eslint-disable-next-line no-restricted-syntax -- what a CommonJS package looks like from here
  export default smpp;
  export type { Pdu, Session, ShortMessage, Smpp };
}
