import { untilAborted } from '../../sms/protocols/until-aborted';
import type { SmsMessage, SmsOutcome, Gateway } from '../../sms/gateway';

/** What the fake does with a text; `hang` ends only with the signal, `ignore-signal` never. */
export type FakeAnswer = SmsOutcome | 'hang' | 'ignore-signal' | 'throw';

/** A gateway in memory: keeps what it was given, in order, and answers as told. */
export class FakeGateway implements Gateway {
  readonly messages: SmsMessage[] = [];
  /** Calls under way now, and the most there ever were at once. */
  active = 0;
  peak = 0;
  private next: FakeAnswer[] = [];
  private usual: FakeAnswer = { outcome: 'accepted', reference: 'fake' };
  private gate: Promise<void> = Promise.resolve();

  /** From now on, unless something is queued with `once`. */
  answers(answer: FakeAnswer): this {
    this.usual = answer;
    return this;
  }

  once(...answers: FakeAnswer[]): this {
    this.next.push(...answers);
    return this;
  }

  /** Calls wait until `opened` resolves. */
  waitFor(opened: Promise<void>): this {
    this.gate = opened;
    return this;
  }

  /** The code in the latest text. */
  lastCode(): string {
    const last = this.messages.at(-1);
    if (!last) throw new Error('no text was sent');
    return last.code;
  }

  async send(message: SmsMessage, signal: AbortSignal): Promise<SmsOutcome> {
    this.messages.push(message);
    this.active += 1;
    this.peak = Math.max(this.peak, this.active);
    try {
      await untilAborted(this.gate, signal);
      return await this.act(this.next.shift() ?? this.usual, signal);
    } finally {
      this.active -= 1;
    }
  }

  private act(answer: FakeAnswer, signal: AbortSignal): Promise<SmsOutcome> {
    const never = new Promise<SmsOutcome>(() => undefined);
    switch (answer) {
      case 'hang':
        return untilAborted(never, signal);
      case 'ignore-signal':
        return never;
      case 'throw':
        return Promise.reject(new Error('the fake gateway failed'));
      default:
        return Promise.resolve(answer);
    }
  }
}
