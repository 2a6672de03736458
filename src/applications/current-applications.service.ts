import { Inject, Injectable } from '@nestjs/common';
import { TRUST_MS } from '../access/credentials/credentials.service';
import { Clock } from '../common/clock';
import { unavailable } from '../common/errors';
import { answered } from '../common/mongo/answered';
import type { Application } from './application';
import { ApplicationsRepository } from './applications.repository';

const MAX_TIME_MS = 2_000;
const READ_TIMEOUT_MS = 2_500;
/** What was not read again for this long is forgotten. */
const IDLE_MS = 60_000;
const MAX_ENTRIES = 10_000;

interface Entry {
  readonly application: Application;
  /** When the read that this comes from was started, or the change was made, by the monotonic clock. */
  readonly readAt: number;
}

/**
 * Applications as they are now, from memory. Keys in use are read again every 1.5 s, and their applications with
 * them (see `KeyCredentials`): the application of a call is therefore here already and costs no round trip.
 */
@Injectable()
export class CurrentApplications {
  /** In the order in which they were put here. */
  private readonly entries = new Map<string, Entry>();
  private readonly reading = new Map<string, Promise<Map<string, Application>>>();

  constructor(
    @Inject(ApplicationsRepository) private readonly repository: Pick<ApplicationsRepository, 'findMany'>,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * At most 4 s old; null when there is none.
   * @throws DomainError `unavailable` when the database does not say
   */
  async get(id: string): Promise<Application | null> {
    const entry = this.entries.get(id);
    if (entry && this.clock.monotonic() - entry.readAt <= TRUST_MS) return entry.application;
    try {
      return (await this.readOnce(id)).get(id) ?? null;
    } catch {
      throw unavailable('The application cannot be read at the moment.');
    }
  }

  /** Reads these and remembers them; gives up by itself. @returns those that exist, by id */
  async read(ids: readonly string[]): Promise<Map<string, Application>> {
    if (ids.length === 0) return new Map();
    const readAt = this.clock.monotonic();
    const found = await this.repository.findMany(ids, MAX_TIME_MS);
    for (const application of found) {
      // Something newer is known by now: a change of this instance, or a read that was faster.
      if ((this.entries.get(application.id)?.readAt ?? -1) < readAt) this.put({ application, readAt });
    }
    return new Map(found.map((application) => [application.id, application]));
  }

  /** The newest that is known here of an application that was read. Costs no I/O. */
  latest(application: Application): Application {
    return this.entries.get(application.id)?.application ?? application;
  }

  /** Lets a change made by this instance take effect here at once. */
  changed(application: Application): void {
    this.put({ application, readAt: this.clock.monotonic() });
  }

  /** However many calls ask for one application at once, one read answers them. */
  private readOnce(id: string): Promise<Map<string, Application>> {
    const running = this.reading.get(id);
    if (running) return running;
    const read = answered(this.read([id]), READ_TIMEOUT_MS).finally(() => this.reading.delete(id));
    this.reading.set(id, read);
    return read;
  }

  private put(entry: Entry): void {
    this.entries.delete(entry.application.id);
    this.entries.set(entry.application.id, entry);
    for (const [id, { readAt }] of this.entries) {
      if (this.entries.size <= MAX_ENTRIES && entry.readAt - readAt <= IDLE_MS) return;
      this.entries.delete(id);
    }
  }
}
