/** One call to a sink within its bounds: it ends in time, whatever the sink does. */
import type { EventSink, SinkEvent } from './event-sink';

const TAKE_TIMEOUT_MS = 30_000;
/** For a sink that does not end at the signal, which the port asks it to. */
const GRACE_MS = 100;

/** The sink did not take the events in time, or the process goes down. */
export class NotTaken extends Error {
  constructor(readonly code: 'timeout' | 'stopped') {
    super(code);
  }
}

/** Resolves when the sink has them; rejects with what it threw, or with {@link NotTaken}. */
export async function give(
  sink: Pick<EventSink, 'take'>,
  events: readonly SinkEvent[],
  stopping: AbortSignal,
  timeoutMs = TAKE_TIMEOUT_MS,
): Promise<void> {
  const controller = new AbortController();
  const code = () => (stopping.aborted ? 'stopped' : 'timeout');
  let end: () => void = () => undefined;
  const given = new Promise<never>((_, reject) => {
    end = () => {
      controller.abort();
      setTimeout(() => reject(new NotTaken(code())), GRACE_MS).unref();
    };
  });
  const timer = setTimeout(end, timeoutMs);
  stopping.addEventListener('abort', end);
  try {
    if (stopping.aborted) throw new NotTaken('stopped');
    // Called in here, so that a sink which throws before it promises anything is caught as well.
    await Promise.race([Promise.resolve().then(() => sink.take(events, controller.signal)), given]);
    // What ended because of the signal may have ended before it was done.
    if (controller.signal.aborted) throw new NotTaken(code());
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', end);
    given.catch(() => undefined);
  }
}
