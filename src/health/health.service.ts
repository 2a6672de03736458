import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { HealthCheckService, HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { Connection } from 'mongoose';
import { ShutdownState } from '../common/shutdown-state';
import { DomainError } from '../common/errors';
import { Readiness, type ReadinessProbe } from '../common/readiness';
import type { ReadyResponse } from './health.dto';

/** A database that takes longer than this to say hello cannot serve anybody. */
const PROBE_TIMEOUT_MS = 1000;

@Injectable()
export class HealthService {
  constructor(
    private readonly terminus: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly readiness: Readiness,
    private readonly shutdown: ShutdownState,
    @InjectConnection() private readonly connection: Pick<Connection, 'db'>,
  ) {}

  /**
   * @param withDetails for the operator: rates and counters are nobody else's business
   * @throws DomainError `unavailable`, with details naming what is down
   */
  async ready({ withDetails }: { withDetails: boolean }): Promise<ReadyResponse> {
    if (this.shutdown.isStopping) throw notReady('The process is going down.');
    const mongodb = { name: 'mongodb', check: () => this.pingMongo() };
    const checks = [mongodb, ...this.readiness.probes].map((probe) => () => this.run(probe));
    try {
      const { details } = await this.terminus.check(checks);
      return { status: 'ok', ...(withDetails && { checks: details as ReadyResponse['checks'] }) };
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      if (!withDetails) throw notReady('The admin key is told what is down.');
      throw notReady(
        'See errors for what is down.',
        error.getResponse() as { details: HealthIndicatorResult },
      );
    }
  }

  private async run(probe: ReadinessProbe): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(probe.name);
    let result = { ok: false, details: {} } as Awaited<ReturnType<ReadinessProbe['check']>>;
    const attempt = await indicator
      .attempt(async () => {
        result = await probe.check();
      })
      .withTimeout(PROBE_TIMEOUT_MS);
    // What an attempt says of its failure is the message of someone else's error.
    if (attempt[probe.name]?.status !== 'up') return indicator.down('no answer');
    return result.ok ? indicator.up({ ...result.details }) : indicator.down({ ...result.details });
  }

  private async pingMongo(): Promise<{ ok: boolean }> {
    if (!this.connection.db) return { ok: false };
    await this.connection.db.command({ ping: 1 });
    return { ok: true };
  }
}

function notReady(detail: string, result?: { readonly details: HealthIndicatorResult }): DomainError {
  const down = Object.entries(result?.details ?? {}).filter(([, { status }]) => status !== 'up');
  const errors = down.map(([path, { status: _, ...found }]) => ({ path, message: describe(found) }));
  return new DomainError('unavailable', { detail, retryAfterSeconds: 1, ...(result && { errors }) });
}

function describe(found: Readonly<Record<string, unknown>>): string {
  const text = Object.entries(found).map(([name, value]) =>
    name === 'message' ? String(value) : `${name} ${String(value)}`,
  );
  return text.join(', ') || 'down';
}
