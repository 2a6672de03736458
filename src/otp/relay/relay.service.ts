import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../common/clock';
import { answered } from '../../common/mongo/answered';
import { withTimeout } from '../../common/with-timeout';
import type { Slot } from '../slots/slot';
import { SlotsService } from '../slots/slots.service';
import { RelayMemory } from './relay-memory';
import { planRelay, type RelayPlan } from './relay-plan';
import { RelaySinks, type RelaySink } from './relay-sink';

/** Between two rounds. Changes of one verification within this time travel as one snapshot. */
const GATHER_MS = 300;
/** What began to wait later than this before a round is likely to change yet, here or elsewhere: the next one takes it. */
const UNSETTLED_MS = 150;
const BATCH = 500;
/** A slot takes 7 KB of heap. */
const MAX_IN_MEMORY = 2_000;
/** Batches that are stored and whose slots do not know it yet. */
const MAX_UNDER_WAY = 4;
/** So many are looked at whether another process has written them. */
const SAMPLE = 8;
/** Longer than any command of a sink may take by its own limits. */
const SINK_MS = 30_000;
const FIRST_BACK_OFF_MS = 1_000;
const MAX_BACK_OFF_MS = 30_000;
/** Part of what a process has to go down; what is left then is found by the relay job of another instance. */
const SHUTDOWN_MS = 2_000;

type Acknowledgements = RelayPlan['acknowledgements'];

/** A batch that was taken from memory, until its slots know that it is stored. */
interface Flight {
  readonly since: number;
  ended: Promise<void>;
}

/**
 * Copies what slots have to say to the sinks, and tells the slots when every sink has it. Every step may be repeated,
 * and a slot forgets nothing before it is durable elsewhere: a crash between any two steps, or two relays at once, cost
 * work and nothing else.
 *
 * What this process has written it relays from memory, without a read. What other processes left behind comes from the
 * relay job.
 */
@Injectable()
export class RelayService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RelayService.name);
  private readonly memory = new RelayMemory(MAX_IN_MEMORY);
  private readonly flights = new Set<Flight>();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<boolean> | null = null;
  private failures = 0;
  private isStopping = false;

  constructor(
    @Inject(SlotsService)
    private readonly slots: Pick<SlotsService, 'onWritten' | 'acknowledge' | 'unchanged'>,
    @Inject(RelaySinks) private readonly sinks: readonly RelaySink[],
    @Inject(Clock) private readonly clock: Pick<Clock, 'monotonic'>,
  ) {}

  onModuleInit(): void {
    this.slots.onWritten((slot) => {
      this.memory.add(slot, this.clock.monotonic());
      if (this.memory.size > 0) this.schedule(GATHER_MS);
    });
  }

  /** In the last round of hooks: the results of the texts that were under way are written by then. */
  async onApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    const late = () => new Error('late');
    await withTimeout(this.flush(), SHUTDOWN_MS, late).catch(() =>
      this.logger.warn('events of this process are not relayed yet: the relay job of another one finds them'),
    );
  }

  /** How long the oldest of what this process has written waits until its slot knows that it is stored. */
  get lagMs(): number {
    const now = this.clock.monotonic();
    const since = [...Array.from(this.flights, (flight) => flight.since), this.memory.since ?? now];
    return Math.max(0, now - Math.min(...since));
  }

  /** Stores what these slots have to say. @returns when they know; rejects when a sink failed, or a slot */
  async relay(slots: readonly Slot[]): Promise<void> {
    await this.acknowledge(await this.store(slots));
  }

  /** What is in memory, now. Resolves when the slots know, or at the first failure. */
  async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    let isStored = await this.start(0);
    while (isStored && this.memory.size > 0) isStored = await this.start(0);
    await Promise.all(Array.from(this.flights, ({ ended }) => ended));
    if (this.memory.size > 0) this.schedule(this.pause());
  }

  private schedule(ms: number): void {
    if (this.isStopping || this.timer !== null || this.running !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.start().then(() => {
        if (this.memory.size > 0) this.schedule(this.pause());
      });
    }, ms);
    this.timer.unref();
  }

  /** One round at a time: who comes while one is under way waits for that one. */
  private start(minAgeMs = UNSETTLED_MS): Promise<boolean> {
    this.running ??= this.round(minAgeMs).finally(() => (this.running = null));
    return this.running;
  }

  private pause(): number {
    if (this.failures > 0) return Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (this.failures - 1));
    const since = this.memory.since ?? Infinity;
    return this.memory.size < BATCH ? GATHER_MS : Math.max(0, since + UNSETTLED_MS - this.clock.monotonic());
  }

  /** One batch from memory. @returns whether it is stored. Never rejects. */
  private async round(minAgeMs: number): Promise<boolean> {
    while (this.flights.size >= MAX_UNDER_WAY)
      await Promise.race(Array.from(this.flights, ({ ended }) => ended));
    const taken = this.memory.take(BATCH, this.clock.monotonic() - minAgeMs);
    const [first] = taken;
    if (!first) return true;
    const flight: Flight = { since: first.since, ended: Promise.resolve() };
    this.flights.add(flight);
    try {
      const acknowledgements = await this.store(await this.lastWrittenHere(taken.map(({ slot }) => slot)));
      this.failures = 0;
      flight.ended = this.land(flight, acknowledgements);
      return true;
    } catch {
      // Said by `store`.
      this.failures++;
      this.memory.putBack(taken);
      this.flights.delete(flight);
      return false;
    }
  }

  /** A slot that could not be told is due, and found by the relay job: it is not kept in memory. */
  private async land(flight: Flight, acknowledgements: Acknowledgements): Promise<void> {
    await this.acknowledge(acknowledgements).catch(() => undefined);
    this.flights.delete(flight);
  }

  /**
   * Whoever wrote a slot last relays all that waits in it, the others leave it to them. A single process is always the
   * last, so a few are looked at before all are. Without an answer it relays them: twice costs work and nothing else.
   */
  private async lastWrittenHere(slots: readonly Slot[]): Promise<readonly Slot[]> {
    try {
      const few = slots.slice(0, SAMPLE);
      const isAlone = (await this.unchanged(few)).length === few.length;
      return isAlone ? slots : await this.unchanged(slots);
    } catch {
      return slots;
    }
  }

  private unchanged(slots: readonly Slot[]): Promise<readonly Slot[]> {
    return answered(this.slots.unchanged(slots), SINK_MS);
  }

  private async store(slots: readonly Slot[]): Promise<Acknowledgements> {
    const { batch, acknowledgements } = planRelay(slots);
    // All of them to the end, whichever fails: a sink has one batch of this process's memory at a time.
    const stored = await Promise.allSettled(this.sinks.map((sink) => answered(sink.take(batch), SINK_MS)));
    stored.forEach((one, index) => {
      if (one.status === 'rejected') this.warn(this.sinks[index], one.reason);
    });
    throwFirst(stored);
    return acknowledgements;
  }

  private async acknowledge(acknowledgements: Acknowledgements): Promise<void> {
    const told = acknowledgements.map(({ slotId, command }) => this.slots.acknowledge(slotId, command));
    throwFirst(await Promise.allSettled(told));
  }

  private warn(sink: RelaySink | undefined, error: unknown): void {
    const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
    this.logger.warn(
      `the sink ${sink?.name ?? ''} failed (${String(code ?? name)}); the same comes to it again`,
    );
  }
}

function throwFirst(settled: readonly PromiseSettledResult<unknown>[]): void {
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
