import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { LeaseRepository, type Lease } from '../../common/mongo/lease.repository';
import { CleanupStatus, errorCode } from '../../cleanup/cleanup-status';
import { RelayService } from './relay.service';

const NAME = 'drain';
/** An instance that dies holds the drain up for this long at most. */
const LEASE_MS = 4_000;
const RENEW_WITHIN_MS = 2_000;
const PAUSE_MS = 450;
/** Spread, so that instances do not look at the same moment. */
const JITTER_MS = 100;
/** An instance that waits for the lease looks less often. */
const STANDBY_MS = 1_000;

/**
 * Drains all the time, one instance for all. Not a cron job: lists and the log may be one second behind, and
 * a full batch must be followed by the next at once.
 */
@Injectable()
export class RelayJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RelayJob.name);
  private lease: Lease | null = null;
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly drain: RelayService,
    private readonly leases: LeaseRepository,
    private readonly status: CleanupStatus,
  ) {}

  onApplicationBootstrap(): void {
    this.status.register(NAME);
    this.schedule(0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    await this.round;
    // So that another instance need not wait for it.
    if (this.lease) await this.leases.release(this.lease).catch(() => undefined);
  }

  private schedule(ms: number): void {
    if (this.stopping) return;
    this.timer = setTimeout(() => {
      this.round = this.next();
    }, ms);
  }

  private async next(): Promise<void> {
    try {
      this.schedule(await this.once());
    } catch (error) {
      this.status.failed(NAME, error);
      this.logger.warn(`the drain failed (${errorCode(error)}); it will run again`);
      this.schedule(STANDBY_MS);
    }
  }

  /** @returns how long to wait before the next round, in ms. */
  private async once(): Promise<number> {
    this.lease = await this.hold(this.lease);
    if (!this.lease) {
      this.status.ran(NAME, await this.drain.waitingSince());
      return STANDBY_MS;
    }
    const { full, oldest } = await this.drain.drain();
    this.status.ran(NAME, full ? oldest : null);
    return full ? 0 : PAUSE_MS + randomInt(JITTER_MS);
  }

  private async hold(lease: Lease | null): Promise<Lease | null> {
    if (!lease) return this.leases.acquire(NAME, LEASE_MS);
    if (this.leases.isValid(lease, RENEW_WITHIN_MS)) return lease;
    return (await this.leases.renew(lease)) ?? this.leases.acquire(NAME, LEASE_MS);
  }
}
