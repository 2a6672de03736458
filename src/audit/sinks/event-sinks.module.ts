import {
  Inject,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { EventSinkSettings, OutboundSettings } from '../../../config/settings';
import { Clock } from '../../common/clock';
import { Jobs } from '../../common/jobs/jobs';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import { Readiness } from '../../common/readiness';
import { withTimeout } from '../../common/with-timeout';
import { AuditModule } from '../audit.module';
import { AuditRepository } from '../audit.repository';
import { type EventSink, EventSinkDefinitions } from './event-sink';
import { eventSinkJob } from './event-sink.job';
import { EventSinksRepository } from './event-sinks.repository';
import { SinkFeed } from './sink-feed.service';
import { sinksProbe } from './sinks-probe';

/** Sinks with their settings, by name. */
type ConfiguredSinks = ReadonlyMap<string, EventSink>;
const ConfiguredSinks = Symbol('ConfiguredSinks');

/** What tells the rest of the house of them. */
@Injectable()
class Surroundings {
  constructor(
    readonly jobs: Jobs,
    readonly readiness: Readiness,
    @Inject(Clock) readonly clock: Clock,
  ) {}
}

const CLOSE_TIMEOUT_MS = 5_000;

/** The audit log on its way to the event sinks of plug-ins. Without any, there is nothing: no job, no probe. */
@Module({
  imports: [AuditModule],
  providers: [
    EventSinksRepository,
    Surroundings,
    {
      provide: UndiciHttpClient,
      inject: [OutboundSettings],
      useFactory: ({ allowPrivate }: OutboundSettings) => new UndiciHttpClient({ allowPrivate }),
    },
    {
      provide: ConfiguredSinks,
      inject: [EventSinkDefinitions, EventSinkSettings, UndiciHttpClient],
      useFactory: (
        definitions: EventSinkDefinitions,
        { sinks }: EventSinkSettings,
        http: UndiciHttpClient,
      ): ConfiguredSinks =>
        new Map(definitions.map((one) => [one.name, one.create(sinks[one.name], { http })])),
    },
  ],
})
export class EventSinksModule implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    @Inject(ConfiguredSinks) private readonly configured: ConfiguredSinks,
    private readonly http: UndiciHttpClient,
    private readonly log: AuditRepository,
    private readonly sinks: EventSinksRepository,
    private readonly surroundings: Surroundings,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.configured.size === 0) return;
    const { jobs, readiness, clock } = this.surroundings;
    const now = await this.log.now();
    const tools = { log: this.log, sinks: this.sinks, clock, stopping: this.stopping.signal };
    const feeds = Array.from(this.configured, ([name, sink]) => new SinkFeed(name, sink, tools));
    for (const { name } of feeds) await this.sinks.ensure(name, now);
    jobs.add(...feeds.map(eventSinkJob));
    readiness.add(sinksProbe(feeds, clock));
  }

  /** Before the jobs are waited for: a call to a sink may take longer than there is time. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  async onApplicationShutdown(): Promise<void> {
    const closed = Array.from(this.configured.values(), async (sink) => sink.close?.());
    await withTimeout(Promise.allSettled(closed), CLOSE_TIMEOUT_MS, () => new Error('late')).catch(
      () => undefined,
    );
    await this.http.close();
  }
}
