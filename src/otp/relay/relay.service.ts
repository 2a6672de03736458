import { Injectable } from '@nestjs/common';
import { AuditLogService } from '../../audit/audit-log.service';
import { ReadModelService } from './read-model/read-model.service';
import { SlotJobsRepository } from '../slots/slot-jobs.repository';
import { planDrain } from './relay-plan';

const BATCH = 500;

export interface RelayResult {
  /** There is probably more. */
  readonly full: boolean;
  /** When the oldest of what was drained had happened; null when there was nothing. */
  readonly oldest: Date | null;
}

/**
 * Copies what slots have to say into the audit log and the read model, then lets them forget it. Every step
 * may be repeated, and nothing is forgotten before it is durable elsewhere: a crash between any two steps,
 * or two drains at once, cost work and nothing else.
 */
@Injectable()
export class RelayService {
  constructor(
    private readonly slots: SlotJobsRepository,
    private readonly log: AuditLogService,
    private readonly history: ReadModelService,
  ) {}

  /** One batch. */
  async drain(): Promise<RelayResult> {
    const now = await this.slots.now();
    const [slots, waiting] = await Promise.all([this.slots.undrained(now, BATCH), this.log.waiting(BATCH)]);
    const { events, started, changed, erased, settlements } = planDrain(slots);
    await Promise.all([
      this.log.append([...waiting, ...events]),
      this.history.save(started),
      this.history.update(changed),
    ]);
    await Promise.all([
      this.history.erasePersonal(erased),
      this.history.markChanged([...started, ...changed]),
    ]);
    // Only now, and exactly what was read above.
    await this.slots.settle(settlements);
    if (waiting.length > 0) await this.log.forgetWaiting(waiting.map((event) => event.id));
    const times = [...waiting, ...events].map((event) => event.at.getTime());
    return {
      full: slots.length === BATCH || waiting.length === BATCH,
      oldest: times.length === 0 ? null : new Date(times.reduce((a, b) => Math.min(a, b))),
    };
  }

  /** For an instance that does not drain itself: since when the oldest event waits. */
  async waitingSince(): Promise<Date | null> {
    return this.slots.undrainedSince(await this.slots.now());
  }
}
