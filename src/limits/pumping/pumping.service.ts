import { Inject, Injectable, Logger } from '@nestjs/common';
import type { AuditEvent } from '../../audit/audit-event';
import { AuditService } from '../../audit/audit.service';
import { newId } from '../../common/ids';
import { KeyRing } from '../../keys/key-ring.service';
import { Fingerprints } from '../counts/fingerprints';
import type { SendCall } from '../gate';
import { LimitLog } from '../log/limit-log.service';
import { decide, type Verdict } from './decide';
import { fold, type EntryKind, type PumpingEntry } from './fold';
import { entryOf, recordOf } from './log-record';
import { blockOf } from './prefixes';
import { type BlockChange, PumpingState } from './pumping-state';
import { UnderwayCounts } from './underway';

/** Whom a message is for. */
export type Addressed = Pick<SendCall, 'applicationId' | 'number' | 'country'>;

/** The message goes out. It rides along with what the other gates write. @returns takes it back */
export type Send = () => () => void;

/** Applications whose name is remembered, for the log. */
const MAX_APPLICATIONS = 10_000;

/**
 * The guard's state, as the shared log has it: every process folds every entry, its own when they have landed, so all
 * come to the same. What this process lets through meanwhile counts at once.
 */
@Injectable()
export class PumpingService {
  private readonly logger = new Logger(PumpingService.name);
  private readonly fingerprints: Fingerprints;
  private readonly underway = new UnderwayCounts();
  private readonly applications = new Map<string, string>();
  private state = new PumpingState();

  constructor(
    private readonly log: LimitLog,
    @Inject(KeyRing) keys: Pick<KeyRing, 'digest'>,
    @Inject(AuditService) private readonly audit: Pick<AuditService, 'append'>,
  ) {
    this.fingerprints = new Fingerprints((...fields) => keys.digest('limit', ...fields));
    log.onRecord((record) => {
      const entry = entryOf(record);
      // Whoever added it says what it changed.
      if (entry) fold(this.state, entry);
    });
    log.onRestart(() => (this.state = new PumpingState()));
  }

  /**
   * Whether a message may go out, as of now.
   * @param answer hears it, and in the same moment says that it goes out: between the two, no other one is judged
   * @throws DomainError `unavailable`
   */
  async judge<Answer>(call: Addressed, answer: (verdict: Verdict, send: Send) => Answer): Promise<Answer> {
    const now = await this.log.now();
    const entry = this.entryOf('send', call, now);
    const verdict = decide(this.state, entry, now, (level, key) => this.underway.of(level, key));
    return answer(verdict, () => this.sent(entry));
  }

  /** Somebody typed the code. Nobody waits for it; one that is lost makes the guard stricter. */
  async typed(call: Addressed): Promise<void> {
    this.note(this.entryOf('conversion', call, await this.log.now()));
  }

  private sent(entry: PumpingEntry): () => void {
    let fate: 'waiting' | 'landed' | 'undone' = 'waiting';
    const settle = (): void => this.underway.add(entry.block, -1);
    this.underway.add(entry.block, 1);
    this.log.add(
      {
        record: recordOf(entry),
        wanted: () => {
          if (fate === 'undone') settle();
          return fate !== 'undone';
        },
        landed: () => {
          settle();
          this.take(entry);
          if (fate === 'undone') this.note({ ...entry, kind: 'returned' });
          fate = 'landed';
        },
        failed: settle,
      },
      true,
    );
    return () => {
      if (fate === 'landed') this.note({ ...entry, kind: 'returned' });
      fate = 'undone';
    };
  }

  private note(entry: PumpingEntry): void {
    this.log.add({ record: recordOf(entry), landed: () => this.take(entry) }, true);
  }

  /** An entry of this process, now that it is in the log. */
  private take(entry: PumpingEntry): void {
    const changes = fold(this.state, entry);
    if (changes.length === 0) return;
    const events = changes.map((change) => this.eventOf(change, entry));
    this.audit
      .append(events)
      .catch(() => this.logger.warn(`${events.length} audit events of blocked prefixes could not be stored`));
  }

  private entryOf(kind: EntryKind, { applicationId, number, country }: Addressed, at: number): PumpingEntry {
    const application = String(this.fingerprints.remembered(['application', applicationId]));
    if (this.applications.size < MAX_APPLICATIONS) this.applications.set(application, applicationId);
    const recipient = this.fingerprints.of(['recipient', number]);
    return {
      kind,
      at,
      block: blockOf(number),
      country: country ?? '',
      applicationId: application,
      recipient,
    };
  }

  /** Of the application whose message or code brought it about. */
  private eventOf(change: BlockChange, { applicationId }: PumpingEntry): AuditEvent {
    const { type, level, key, at, until, debt, window } = change;
    return {
      ...{ id: newId(), type, at: new Date(at), actor: 'job:pumping' },
      applicationId: this.applications.get(applicationId) ?? null,
      ...{ verificationId: null, seq: null, purpose: null, to: null },
      data: {
        level,
        // An application's fingerprint means nothing to a reader.
        prefix: level === 'application' ? null : key,
        unpaid: Math.round(debt),
        window: Math.round(window),
        until: new Date(until).toISOString(),
      },
    };
  }
}
