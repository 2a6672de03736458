import { Module, type OnModuleInit } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AuditModule } from '../../audit/audit.module';
import { Jobs } from '../../common/jobs/jobs';
import { KeysModule } from '../../keys/keys.module';
import { PhoneModule } from '../../phone/phone.module';
import { BlockChanges } from './block-changes.service';
import { BLOCKS, blockSchema } from './block.schema';
import { BlocksController } from './blocks.controller';
import { BlocksGate } from './blocks.gate';
import { BlocksRepository } from './blocks.repository';
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
  ) {}

  onModuleInit(): void {
    this.jobs.add(this.lists.job);
  }
}
