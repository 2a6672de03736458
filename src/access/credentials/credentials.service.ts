import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Clock } from '../../common/clock';
import { unavailable } from '../../common/errors';
import { answered } from '../../common/mongo/answered';
import { BatchedLookup } from './batched-lookup';
import type { Credential } from './credential';
import { CredentialSource } from './credential-source';

/** Every change takes effect within 5 s; what was read longer ago than this is not trusted any more. */
export const TRUST_MS = 4_000;
const REFRESH_EVERY_MS = 1_500;
/** A key that was not used for this long is forgotten instead of being read again and again. */
const IDLE_MS = 60_000;
const READ_TIMEOUT_MS = 2_500;
/** About 10 MB of keys. */
const MAX_ENTRIES = 10_000;
const LOOKUP_LIMITS = { pauseMs: 20, maxBatch: 500, maxWaiting: 2_000 };

interface Entry {
  readonly credential: Credential;
  /** When the read that this comes from was started, by the monotonic clock. */
  readonly readAt: number;
  usedAt: number;
}

/**
 * Who holds which key, from memory. Keys in use are read again every 1.5 s by their id, so that a revocation, a
 * change of settings or of the bootstrap key is seen by every instance without depending on any clock but this
 * process's own. What could not be read again for 4 s is not trusted: then calls wait for the database, and
 * fail with `unavailable` when it does not answer. There is no memory of unknown keys: a key works on every
 * instance from the moment it exists, and look-ups are bounded by {@link BatchedLookup}.
 */
@Injectable()
export class CredentialsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(CredentialsService.name);
  private readonly entries = new Map<string, Entry>();
  private readonly lookups = new BatchedLookup((digests) => this.lookUp(digests), LOOKUP_LIMITS);
  private refreshing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    @Inject(CredentialSource) private readonly source: CredentialSource,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    // A failure is logged where it happens and shows as `unavailable` once nothing is fresh any more.
    this.timer = setInterval(() => void this.refresh().catch(() => undefined), REFRESH_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  /** What memory knows, however old: to tell callers apart, never to let one in. Costs no I/O. */
  peek(digest: string): Credential | null {
    return this.entries.get(digest)?.credential ?? null;
  }

  /**
   * The credential behind a digest, at most 4 s old, or null when there is none. Rejects with `unavailable` when
   * the database does not say.
   */
  async resolve(digest: string): Promise<Credential | null> {
    const entry = this.entries.get(digest);
    if (!entry) return this.lookups.get(digest);
    entry.usedAt = this.clock.monotonic();
    if (this.isFresh(entry)) return entry.credential;
    // One read for all callers, and not through the queue of unknown keys: strangers cannot crowd it.
    await this.refresh();
    const again = this.entries.get(digest);
    if (!again || this.isFresh(again)) return again?.credential ?? null;
    throw unavailable('API keys cannot be checked at the moment.');
  }

  /** Forgets a key that this instance has revoked. */
  keyEnded(keyId: string): void {
    for (const [digest, { credential }] of this.entries) {
      if (credential.key.id === keyId) this.entries.delete(digest);
    }
  }

  private isFresh({ readAt }: Entry): boolean {
    return this.clock.monotonic() - readAt <= TRUST_MS;
  }

  private refresh(): Promise<void> {
    this.refreshing ??= this.readAgain().finally(() => (this.refreshing = null));
    return this.refreshing;
  }

  private async readAgain(): Promise<void> {
    const readAt = this.clock.monotonic();
    this.dropIdle(readAt);
    if (this.entries.size === 0) return;
    const before = [...this.entries];
    const ids = before.map(([, { credential }]) => credential.key.id);
    const found = await this.bounded(this.source.byKeyIds(ids));
    for (const [digest, entry] of before) {
      // Changed by this instance while the query ran: what was read may be older than that.
      if (this.entries.get(digest) !== entry) continue;
      // By digest, not by id: the bootstrap key keeps its id when its value is replaced.
      const credential = found.get(digest);
      if (credential) this.entries.set(digest, { credential, readAt, usedAt: entry.usedAt });
      else this.entries.delete(digest);
    }
  }

  private dropIdle(now: number): void {
    for (const [digest, { usedAt }] of this.entries) {
      if (now - usedAt > IDLE_MS) this.entries.delete(digest);
    }
  }

  private async lookUp(digests: readonly string[]): Promise<Map<string, Credential>> {
    const readAt = this.clock.monotonic();
    const found = await this.bounded(this.source.byDigests(digests));
    for (const [digest, credential] of found) this.remember(digest, { credential, readAt, usedAt: readAt });
    return found;
  }

  private remember(digest: string, entry: Entry): void {
    const oldest = this.entries.keys().next();
    if (this.entries.size >= MAX_ENTRIES && !oldest.done) this.entries.delete(oldest.value);
    this.entries.set(digest, entry);
  }

  private async bounded<T>(read: Promise<T>): Promise<T> {
    try {
      return await answered(read, READ_TIMEOUT_MS);
    } catch (error) {
      this.logger.warn(
        `API keys could not be read: ${error instanceof Error ? error.name : 'unknown error'}`,
      );
      throw unavailable('API keys cannot be checked at the moment.');
    }
  }
}
