import { strict as assert } from 'node:assert';
import type { EventSink, SinkEvent } from '../../audit/sinks/event-sink';
import { newId } from '../../common/ids';
import { sameAs } from '../assertions';
import { currentRunner, type Runner } from '../runner';

/** A sink in front of what it writes to. */
export interface SinkUnderTest {
  readonly sink: EventSink;
  /** The ids of the events that arrived there, in their order, each as often as it did. */
  received(): Promise<readonly string[]> | readonly string[];
  /** From now on what it writes to takes nothing. */
  fail(): void;
  /** From now on no call may come to an end by itself. */
  hang(): void;
  stop(): Promise<void>;
}

/** Of a verification, as the log has it. */
export function aSinkEvent(more: Partial<SinkEvent> = {}): SinkEvent {
  const verificationId = newId();
  return {
    id: `${verificationId}.000001`,
    type: 'created',
    at: '2026-01-31T12:00:00.000Z',
    applicationId: newId(),
    verificationId,
    seq: 1,
    actor: 'key:test',
    purpose: 'login',
    to: '+34*******23',
    data: { country: 'ES' },
    ...more,
  };
}

/** What every event sink must do. */
export function eventSinkContract(
  start: () => Promise<SinkUnderTest>,
  { describe, it, beforeEach, afterEach }: Runner = currentRunner(),
): void {
  describe('as every event sink', () => {
    let subject: SinkUnderTest;
    const take = (events: readonly SinkEvent[], ms = 5_000) =>
      subject.sink.take(events, AbortSignal.timeout(ms));
    beforeEach(async () => {
      subject = await start();
    });
    afterEach(async () => {
      await subject.sink.close?.();
      await subject.stop();
    });

    it('has handed on what it took, in order, when it resolves', async () => {
      const events = Array.from({ length: 100 }, () => aSinkEvent());
      await take(events);
      sameAs(
        await subject.received(),
        events.map(({ id }) => id),
      );
    });

    it('takes the same event again, under the same id', async () => {
      const event = aSinkEvent();
      await take([event]);
      await take([event]);
      assert.deepEqual([...new Set(await subject.received())], [event.id]);
    });

    // Catches: a sink that says yes to events that went nowhere. They are never offered again.
    it('rejects when they are not safe', async () => {
      subject.fail();
      await assert.rejects(take([aSinkEvent()]));
    });

    // Catches: a signal that nobody listens to.
    it('ends when the signal aborts', async () => {
      subject.hang();
      assert.equal(await howItEnds(take([aSinkEvent()], 150)), 'ended');
    });
  });
}

async function howItEnds(taking: Promise<void>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  // It also keeps the process alive, which a signal with a time does not.
  const late = new Promise<string>((resolve) => (timer = setTimeout(() => resolve('late'), 3_000)));
  const ended = taking.then(
    () => 'taken',
    () => 'ended',
  );
  const how = await Promise.race([ended, late]);
  clearTimeout(timer);
  return how;
}
