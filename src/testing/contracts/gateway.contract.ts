import { strict as assert } from 'node:assert';
import type { Gateway, SmsMessage, SmsOutcome } from '../../sms/gateway';
import { aMessage } from '../message';
import { currentRunner, type Runner } from '../runner';

/** Anything that implements the port: what holds for all of them, fakes included. */
export interface SubjectUnderTest {
  readonly gateway: Gateway;
  /** From now on no call may come to an end by itself. */
  hang(): void;
  stop(): Promise<void>;
}

/** What every gateway must do, whatever it sends by. */
export function gatewayContract(
  start: () => Promise<SubjectUnderTest>,
  { describe, it, beforeEach, afterEach }: Runner = currentRunner(),
): void {
  describe('as every Gateway', () => {
    let subject: SubjectUnderTest;
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(() => subject.stop());

    it('accepts a text', async () => {
      const { outcome } = await subject.gateway.send(aMessage(), AbortSignal.timeout(5_000));
      assert.equal(outcome, 'accepted');
    });

    it('takes many texts at once', async () => {
      const calls = Array.from({ length: 20 }, () =>
        subject.gateway.send(aMessage(), AbortSignal.timeout(5_000)),
      );
      const outcomes = (await Promise.all(calls)).map(({ outcome }) => outcome);
      assert.deepEqual(
        outcomes,
        calls.map(() => 'accepted'),
      );
    });

    // Catches: a signal that nobody listens to: such a call ends by a limit of its own, after the one before, or never.
    it('ends when the signal aborts, and never as accepted', async () => {
      subject.hang();
      const giveUp = new AbortController();
      const ended: string[] = [];
      const before = subject.gateway
        .send(aMessage(), giveUp.signal)
        .catch(() => null)
        .finally(() => ended.push('the one before'));
      const { outcome } = await settle(subject.gateway, aMessage(), 150);
      assert.deepEqual(ended, []);
      assert.notEqual(outcome, 'accepted');
      giveUp.abort();
      await before;
    });
  });
}

/** As the server does: a throw is `unknown`. */
export async function settle(gateway: Gateway, message: SmsMessage, timeoutMs: number): Promise<SmsOutcome> {
  try {
    return await gateway.send(message, AbortSignal.timeout(timeoutMs));
  } catch {
    return { outcome: 'unknown' };
  }
}
