import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AuditModule } from '../../audit/audit.module';
import { AuditService } from '../../audit/audit.service';
import { Clock } from '../../common/clock';
import { Jobs } from '../../common/jobs/jobs';
import { KeysModule } from '../../keys/keys.module';
import { PhoneModule } from '../../phone/phone.module';
import { BlockChanges } from './store/block-changes.service';
import { BLOCKS, blockSchema } from './store/block.schema';
import { blockEndsJob } from './store/block-ends.job';
import { BlocksController } from './blocks.controller';
import { BlocksGate } from './blocks.gate';
import { BlocksRepository } from './store/blocks.repository';
import { BlocksService } from './blocks.service';
import { BlockLists } from './memory/block-lists.service';

/** Whom an application does not send to, and whom it does whatever else is said. */
@Module({
  imports: [
    AuditModule,
    KeysModule,
    MongooseModule.forFeature([{ name: BLOCKS, schema: blockSchema }]),
    PhoneModule,
  ],
  controllers: [BlocksController],
  providers: [BlockChanges, BlockLists, BlocksGate, BlocksRepository, BlocksService],
  exports: [BlocksGate, BlocksService],
})
export class BlocksModule implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly lists: BlockLists,
    private readonly repository: BlocksRepository,
    private readonly audit: AuditService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.add(this.lists.job, blockEndsJob(this.repository, this.audit, this.clock));
  }
}
