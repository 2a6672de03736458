import { Module, type OnModuleInit } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service';
import { AuditModule } from '../../audit/audit.module';
import { Jobs } from '../../common/jobs/jobs';
import { Readiness } from '../../common/readiness';
import { SlotsModule } from '../slots/slots.module';
import { SlotsService } from '../slots/slots.service';
import { auditSink } from './audit.sink';
import { erasureJob } from './erasure.job';
import { ChangedHoursRepository } from './read-model/changed-hours.repository';
import { ReadModelModule } from './read-model/read-model.module';
import { ReadModelRepository } from './read-model/read-model.repository';
import { readModelSink } from './read-model/read-model.sink';
import { relayProbe } from './relay-probe';
import { RelaySinks } from './relay-sink';
import { relayJob } from './relay.job';
import { RelayService } from './relay.service';

/** What slots have to say, on its way into the audit log and the read model. A further sink is one more of the list. */
@Module({
  imports: [SlotsModule, AuditModule, ReadModelModule],
  providers: [
    {
      provide: RelaySinks,
      useFactory: (log: AuditService, verifications: ReadModelRepository, hours: ChangedHoursRepository) => [
        auditSink(log),
        readModelSink(verifications, hours),
      ],
      inject: [AuditService, ReadModelRepository, ChangedHoursRepository],
    },
    RelayService,
  ],
})
export class RelayModule implements OnModuleInit {
  constructor(
    private readonly relay: RelayService,
    private readonly slots: SlotsService,
    private readonly verifications: ReadModelRepository,
    private readonly jobs: Jobs,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    this.jobs.add(relayJob(this.slots, this.relay), erasureJob(this.slots, this.verifications));
    this.readiness.add(relayProbe(this.relay));
  }
}
