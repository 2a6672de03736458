import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface VendorMessage {
  readonly subid: string;
  readonly to: string;
  readonly text: string;
  /** Where the vendor was asked to report. */
  readonly ackurl: string;
}

export type Ack = 'gateway' | 'operator' | 'handset' | 'undelivered';

/** LabsMobile on 127.0.0.1: takes texts and, when told to, calls the address that it was given with each. */
export class LabsMobileVendor {
  readonly messages: VendorMessage[] = [];
  /** Runs before the vendor answers to a text. */
  beforeAnswer: (message: VendorMessage) => Promise<unknown> = () => Promise.resolve();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      this.handle(request, response).catch(() => request.socket.destroy());
    });
  }

  static async start(): Promise<LabsMobileVendor> {
    const server = createServer();
    const vendor = new LabsMobileVendor(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return vendor;
  }

  /** The settings of an app that sends through this vendor. */
  get env(): Record<string, string> {
    return {
      SMS_LABSMOBILE_USERNAME: 'shop@example.com',
      SMS_LABSMOBILE_TOKEN: 'token-of-the-account',
      SMS_LABSMOBILE_BASE_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
    };
  }

  async messageTo(to: string, count = 1): Promise<VendorMessage> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const sent = this.messages.filter((message) => message.to === to);
      const last = sent.at(-1);
      if (last && sent.length >= count) return last;
      if (Date.now() > deadline) throw new Error(`the vendor got ${sent.length} of ${count} texts`);
      await sleep(5);
    }
  }

  /** Reports on a text; `address` in place of the one it was given. */
  report(message: VendorMessage, ack: Ack, address = message.ackurl): Promise<Response> {
    return fetch(`${address}?${this.query(message, ack)}`);
  }

  query({ subid, to }: VendorMessage, ack: Ack): string {
    const failed = ack === 'undelivered';
    return new URLSearchParams({
      acklevel: failed ? 'error' : ack,
      msisdn: to.slice(1),
      status: failed ? 'ko' : 'ok',
      subid,
      timestamp: '2026-11-23 10:00:00',
      desc: failed ? 'UNDELIV' : 'DELIVRD',
    }).toString();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as {
      message: string;
      recipient: [{ msisdn: string }];
      subid: string;
      ackurl: string;
    };
    const to = `+${body.recipient[0].msisdn}`;
    const message = { subid: body.subid, to, text: body.message, ackurl: body.ackurl };
    this.messages.push(message);
    await this.beforeAnswer(message);
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ subid: body.subid, code: '0', message: 'Message has been successfully sent' }),
    );
  }
}
