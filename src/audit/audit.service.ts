import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { mongo } from 'mongoose';
import { Clock } from '../common/clock';
import type { AuditEvent } from './audit-event';
import { AuditInboxRepository } from './audit-inbox.repository';
import { Refusals, type Refusal } from './refusals';

const FLUSH_MS = 1_000;

/**
 * How everything outside the slots reaches the audit log. (Events of a verification are written by the
 * slot's own update and never pass through here.)
 */
@Injectable()
export class AuditService implements OnApplicationShutdown {
  private readonly logger = new Logger(AuditService.name);
  private readonly refusals = new Refusals();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly inbox: AuditInboxRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Durable: resolves once a majority has the event, or, given a session, when it is part of the caller's
   * transaction. The session must come from the default mongoose connection.
   */
  async record(event: AuditEvent, session?: mongo.ClientSession): Promise<void> {
    await this.inbox.add(event, session);
  }

  /**
   * Best effort: returns at once, never throws, and may lose the last second when the process dies. At most
   * ten events per subject and rule a minute, the others are counted in `data.count` of one more.
   */
  recordRefusal(refusal: Refusal): void {
    this.refusals.add(refusal, this.clock.now());
    this.timer ??= setInterval(() => void this.flush(false), FLUSH_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.flush(true);
  }

  private async flush(everything: boolean): Promise<void> {
    const events = this.refusals.take(this.clock.now(), everything);
    if (this.refusals.isEmpty) this.stopTimer();
    try {
      await this.inbox.addMany(events);
    } catch {
      // The reason is in the health check; here only what is lost counts.
      this.logger.warn(`${events.length} audit events of refused calls could not be stored`);
    }
  }

  private stopTimer(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }
}
