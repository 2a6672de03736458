import { Logger } from '@nestjs/common';
import type { Clock } from '../../common/clock';
import type { BatchResult } from '../../common/jobs/job';
import { toAuditAnswer } from '../audit.dto';
import type { AuditRepository, PositionedEvent } from '../audit.repository';
import type { EventSink } from './event-sink';
import type { EventSinksRepository } from './event-sinks.repository';
import { give, NotTaken } from './sink-delivery';
import { inOrder, predecessorsOf } from './sink-order';
import { errorWord, isPausing, newGap, pauseAfter, type SinkState } from './sink-state';

/** Events of one call to a sink; a promise to whoever writes one. */
const BATCH = 100;

/** What the port of a sink stands on; `clock` is that of this process. */
export interface FeedTools {
  readonly log: Pick<AuditRepository, 'listAbove' | 'listByIds' | 'deletedUpTo'>;
  readonly sinks: EventSinksRepository;
  readonly clock: Pick<Clock, 'now'>;
  readonly stopping: AbortSignal;
}

/**
 * Reads the audit log on from a sink's cursor and hands it over: a sink that fails keeps its cursor, and its trouble to
 * itself. The cursor moves after the sink has the events, so a crash between the two hands them over again.
 */
export class SinkFeed {
  private readonly logger = new Logger(SinkFeed.name);

  constructor(
    readonly name: string,
    private readonly sink: EventSink,
    private readonly tools: FeedTools,
  ) {}

  /** Whether there is something to take now; the date of the oldest when the sink must be left alone yet. */
  async hasWork(): Promise<boolean | Date> {
    const { state, since } = await this.look();
    if (since === null) return false;
    return isPausing(state, this.tools.clock.now()) ? since : true;
  }

  /** Where it is, and since when the oldest event waits that it has not taken; null: it has all that may be read. */
  async look(): Promise<{ readonly state: SinkState; readonly since: Date | null }> {
    const state = await this.state();
    const [first] = await this.tools.log.listAbove(state.pos, 1);
    return { state, since: first ? timeOf(first) : null };
  }

  /** One batch. Rejects when the sink failed, with a word of the failure as `code`. */
  async run(): Promise<BatchResult> {
    const state = await this.state();
    if (isPausing(state, this.tools.clock.now())) return { full: false };
    await this.noteGap(state);
    const found = await this.tools.log.listAbove(state.pos, BATCH);
    const last = found.at(-1);
    if (!last) return { full: false };
    await this.handOver(state, found, last.pos);
    const moved = await this.tools.sinks.advance(state, last.pos);
    // Where the cursor is not where it was, another instance goes on.
    return { full: moved && found.length === BATCH, oldest: timeOf(last) };
  }

  private async handOver(state: SinkState, found: readonly PositionedEvent[], last: bigint): Promise<void> {
    const own = found.map(({ event }) => event);
    const swapped = await this.tools.log.listByIds(predecessorsOf(own), last);
    const events = inOrder([...swapped.map(({ event }) => event), ...own]).map(toAuditAnswer);
    try {
      for (let start = 0; start < events.length; start += BATCH)
        await give(this.sink, events.slice(start, start + BATCH), this.tools.stopping);
    } catch (error) {
      if (!(error instanceof NotTaken && error.code === 'stopped')) await this.noteFailure(state, error);
      throw new SinkFailure(errorWord(error));
    }
  }

  private async noteFailure(state: SinkState, error: unknown): Promise<void> {
    const now = this.tools.clock.now();
    const retryAt = new Date(now + pauseAfter(state.failures + 1));
    await this.tools.sinks.failed(state, { error: errorWord(error), now: new Date(now), retryAt });
  }

  private async noteGap(state: SinkState): Promise<void> {
    const upTo = newGap(state, await this.tools.log.deletedUpTo());
    if (upTo === null) return;
    this.logger.error(
      `the event sink ${this.name} has missed events: they were removed by their age before it took them`,
    );
    await this.tools.sinks.missed(this.name, upTo, new Date(this.tools.clock.now()));
  }

  private async state(): Promise<SinkState> {
    const state = await this.tools.sinks.get(this.name);
    if (state) return state;
    throw new SinkFailure('no-cursor');
  }
}

class SinkFailure extends Error {
  constructor(readonly code: string) {
    super(code);
    this.name = 'SinkFailure';
  }
}

/** When the log took it in. */
const timeOf = ({ pos }: PositionedEvent): Date => new Date(Number(pos >> 32n) * 1000);
