import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor } from '../../../common/page-cursor';
import { invalidField } from '../../../common/validation';
import { slicesOf, type ChangedHour, type ChangedHoursFilter } from './changed-hours';
import { ChangedHoursRepository } from './changed-hours.repository';
import {
  ReadModelRepository,
  type InTransaction,
  type LateDecision,
  type ReadModelQuery,
  type Reported,
} from './read-model.repository';
import type { ReadModelDocument } from './read-model.schema';
import type { StoredVerification } from './snapshot';
import { tallies, type Tally, type TallyCell } from './tally';

/** Versions begin with 1: whatever the hour's is, it has changed since. */
const NEVER_COUNTED = 0;

export type ReadModelFilter = Omit<ReadModelQuery, 'applicationId' | 'after'> & { readonly cursor?: string };

/** `nextCursor` is null on the last page. */
export interface ReadModelPage {
  readonly items: readonly StoredVerification[];
  readonly nextCursor: string | null;
}

/** What was and is, up to a second behind the slots; kept 400 days. For readers: the relay writes past it. */
@Injectable()
export class ReadModelService {
  constructor(
    private readonly verifications: ReadModelRepository,
    private readonly hours: ChangedHoursRepository,
  ) {}

  /** Pending at or after `expiresAt` reads as `expired`. Null: unknown, or another application's. */
  find(applicationId: string, id: string): Promise<StoredVerification | null> {
    return this.verifications.find(applicationId, id);
  }

  /**
   * Newest first, `limit` at most.
   * @throws DomainError `invalid_request` naming `cursor` when this list did not hand it out
   */
  async list(applicationId: string, { cursor, ...filter }: ReadModelFilter): Promise<ReadModelPage> {
    const after = cursor === undefined ? null : decodeCursor(cursor);
    if (cursor !== undefined && !after)
      throw invalidField('cursor', 'Must be the nextCursor of an earlier answer.');
    const { limit } = filter;
    const found = await this.verifications.list({ ...filter, applicationId, after, limit: limit + 1 });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: last && found.length > items.length ? encodeCursor(last) : null };
  }

  /** See {@link ReadModelRepository.report}. Call {@link markReported} when the transaction has ended. */
  report(id: string, decide: LateDecision, transaction: InTransaction): Promise<Reported | null> {
    return this.verifications.report(id, decide, transaction);
  }

  /** Also when nothing changed: the last try may have ended right before this. */
  markReported(verification: ReadModelDocument): Promise<void> {
    return this.hours.mark([verification]);
  }

  /** Hours that wait to be counted, the longest waiting first; expensive ones rest after each count. */
  changedHours(filter: ChangedHoursFilter, limit: number): Promise<ChangedHour[]> {
    return this.hours.waiting(filter, limit);
  }

  /** How many hours wait to be counted, resting ones included. */
  countChangedHours(filter: ChangedHoursFilter): Promise<number> {
    return this.hours.countWaiting(filter);
  }

  /**
   * What the verifications created in that hour come to. At least as new as the mark that was read before.
   * @param stop ends it early, with a rejection
   */
  async tally(hour: ChangedHour, stop?: AbortSignal): Promise<Tally[]> {
    const cells: TallyCell[] = [];
    for (const { from, to } of slicesOf(hour)) {
      stop?.throwIfAborted();
      cells.push(...(await this.verifications.tally(hour.applicationId, from, to)));
    }
    return tallies(cells);
  }

  /** The tally is stored: the hour waits no more, unless it has changed since its mark was read. */
  tallied(hour: ChangedHour, tookMs: number): Promise<void> {
    return this.hours.counted(hour, tookMs);
  }

  /** It could not be counted: it goes on waiting, behind the others. */
  tallyFailed(hour: ChangedHour, tookMs: number): Promise<void> {
    return this.hours.counted({ ...hour, version: NEVER_COUNTED }, tookMs);
  }
}
