import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../../access/principal';
import { AuditService } from '../../audit/audit.service';
import { Clock } from '../../common/clock';
import { DomainError } from '../../common/errors';
import { CountsService } from '../counts/counts.service';
import { alertId, GUESS_WINDOW_SECONDS, guessLevels, levelOf, type GuessLevel } from './wrong-guesses';

const WRONG_GUESSES = 'wrong_guesses';

/** Alerts that were told, as far as this process knows; beyond, the log sorts out what is told twice. */
const MAX_TOLD = 10_000;
const MIN_WAIT_SECONDS = 1;

/** Who guesses, and at what. */
export interface GuessCall {
  readonly applicationId: string;
  readonly actor: Actor;
  /** Null: at whatever is pending for somebody. */
  readonly verificationId: string | null;
}

/**
 * The wrong guesses of an application in the last 24 hours, over all instances. From a level on an alert is told, once a
 * day; at the last one no guess is evaluated. They are counted after they were answered, and an instance hears of those
 * of others within 3 s: so much may still be evaluated when the last level is reached.
 */
@Injectable()
export class WrongGuesses {
  private readonly logger = new Logger(WrongGuesses.name);
  private readonly told = new Set<string>();

  constructor(
    @Inject(CountsService) private readonly counts: Pick<CountsService, 'note' | 'notes'>,
    @Inject(AuditService) private readonly audit: Pick<AuditService, 'append' | 'recordRefusal'>,
    @Inject(Clock) private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** @throws DomainError `limit_reached` with `rule`: nothing is evaluated and nothing charged */
  async admit({ applicationId, actor, verificationId }: GuessCall): Promise<void> {
    const limit = guessLevels.break;
    const asked = { fields: fieldsOf(applicationId), windowSeconds: GUESS_WINDOW_SECONDS };
    const { count, until, now } = await this.counts.notes(asked, limit);
    if (count < limit) return;
    this.audit.recordRefusal({
      type: 'access_denied',
      applicationId,
      actor,
      rule: WRONG_GUESSES,
      verificationId,
      subject: applicationId,
      details: {
        code: 'limit_reached',
        outcome: 'refused',
        value: count,
        limit,
        until: new Date(until).toISOString(),
      },
    });
    throw new DomainError('limit_reached', {
      rule: WRONG_GUESSES,
      detail: 'This application had too many wrong guesses in a day. No guess is evaluated now.',
      retryAfterSeconds: Math.max(MIN_WAIT_SECONDS, Math.ceil((until - now) / 1000)),
    });
  }

  /** Returns at once, and never throws: the guess was charged where it counts, in its slot. */
  add(applicationId: string): void {
    this.count(applicationId).catch(() => this.logger.warn('a wrong guess could not be counted or told of'));
  }

  private async count(applicationId: string): Promise<void> {
    const guesses = await this.counts.note({
      fields: fieldsOf(applicationId),
      windowSeconds: GUESS_WINDOW_SECONDS,
    });
    const level = levelOf(guesses);
    // Whoever reaches the last level at once, because others counted as well, has reached the one before.
    if (level === 'break') await this.tell(applicationId, 'warn', guesses);
    if (level) await this.tell(applicationId, level, guesses);
  }

  private async tell(applicationId: string, level: GuessLevel, count: number): Promise<void> {
    const now = this.clock.now();
    const id = alertId(applicationId, level, now);
    if (this.told.has(id)) return;
    if (this.told.size >= MAX_TOLD) this.told.clear();
    this.told.add(id);
    try {
      const subject = { applicationId, verificationId: null, seq: null, purpose: null, to: null };
      const data = { level, count, limit: guessLevels[level], windowSeconds: GUESS_WINDOW_SECONDS };
      const event = {
        id,
        type: WRONG_GUESSES,
        at: new Date(now),
        actor: 'job:limits',
        ...subject,
        data,
      } as const;
      await this.audit.append([event]);
    } catch (error) {
      // The next wrong guess tries again.
      this.told.delete(id);
      throw error;
    }
  }
}

const fieldsOf = (applicationId: string): readonly string[] => [applicationId, WRONG_GUESSES];
