import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor, type PagePosition } from '../../../common/page-cursor';
import { invalidField } from '../../../common/validation';
import { slicesOf, type ChangedHour, type ChangedHoursFilter } from './changed-hours';
import { ChangedHoursRepository } from './changed-hours.repository';
import type { StoredVerification, VerificationSnapshot } from './snapshot';
import type { LateReport } from '../../slots/pipelines/receipt/late.pipeline';
import { ReadModelRepository, type ReadModelQuery, type InTransaction } from './read-model.repository';
import type { ReadModelDocument } from './read-model.schema';
import { tallies, type Tally, type TallyCell } from './tally';

/** Versions begin with 1: whatever the hour's is, it has changed since. */
const NEVER_COUNTED = 0;

export type ReadModelFilter = Omit<ReadModelQuery, 'applicationId' | 'after'> & { readonly cursor?: string };

/** `nextCursor` is null on the last page. */
export interface ReadModelPage {
  readonly items: readonly StoredVerification[];
  readonly nextCursor: string | null;
}

/** What was and is, up to a second behind the slots; kept 400 days. */
@Injectable()
export class ReadModelService {
  constructor(
    private readonly repository: ReadModelRepository,
    private readonly hours: ChangedHoursRepository,
  ) {}

  /** Pending at or after `expiresAt` reads as `expired`. Null: unknown, or another application's. */
  find(applicationId: string, id: string): Promise<StoredVerification | null> {
    return this.repository.find(applicationId, id);
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
    const found = await this.repository.list({ ...filter, applicationId, after, limit: limit + 1 });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: last && found.length > items.length ? encodeCursor(last) : null };
  }

  /** For the drain. Idempotent; older versions never replace newer ones. */
  save(snapshots: readonly VerificationSnapshot[]): Promise<void> {
    return this.repository.save(snapshots);
  }

  /** As {@link save}, for verifications that were saved before: half the work. */
  update(snapshots: readonly VerificationSnapshot[]): Promise<void> {
    return this.repository.update(snapshots);
  }

  /**
   * Says that these have to be counted again. Call it after they were saved, and before what they came from is
   * forgotten: then no crash leaves a change uncounted.
   */
  markChanged(changed: readonly Pick<VerificationSnapshot, 'applicationId' | 'createdAt'>[]): Promise<void> {
    return this.hours.mark(changed);
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
      cells.push(...(await this.repository.tally(hour.applicationId, from, to)));
    }
    return tallies(cells);
  }

  /** The tally is stored: the hour waits no more, unless it has changed since its mark was read. */
  tallied(hour: ChangedHour, tookMs: number): Promise<void> {
    return this.hours.settle(hour, tookMs);
  }

  /** It could not be counted: it goes on waiting, behind the others. */
  tallyFailed(hour: ChangedHour, tookMs: number): Promise<void> {
    return this.hours.settle({ ...hour, version: NEVER_COUNTED }, tookMs);
  }

  /** For receipts: they name a verification, not its application. */
  findReported(id: string, transaction: InTransaction): Promise<ReadModelDocument | null> {
    return this.repository.findReported(id, transaction);
  }

  /** Receipts about a verification that no slot holds any more. @returns it as it is then; null: not known */
  report(report: LateReport, transaction: InTransaction): Promise<ReadModelDocument | null> {
    return this.repository.report(report, transaction);
  }

  /** For good: a later {@link save} does not bring it back. */
  erasePersonal(ids: readonly string[]): Promise<void> {
    return this.repository.erasePersonal(ids);
  }

  removeRecipients(
    days: number,
    from: PagePosition | null,
    limit: number,
  ): Promise<{ done: number; last: PagePosition | null }> {
    return this.repository.removeRecipients(days, from, limit);
  }

  deleteOlderThan(days: number, limit: number): Promise<number> {
    return this.repository.deleteOlderThan(days, limit);
  }
}
