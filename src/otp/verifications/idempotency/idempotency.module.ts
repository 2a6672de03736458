import { Module, type OnModuleInit } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Jobs } from '../../../common/jobs/jobs';
import { KeysModule } from '../../../keys/keys.module';
import { idempotencyJob } from './idempotency.job';
import { IdempotencyRepository } from './idempotency.repository';
import { IDEMPOTENCY_RECORDS, idempotencySchema } from './idempotency.schema';
import { IdempotencyService } from './idempotency.service';

@Module({
  imports: [
    KeysModule,
    MongooseModule.forFeature([{ name: IDEMPOTENCY_RECORDS, schema: idempotencySchema }]),
  ],
  providers: [IdempotencyRepository, IdempotencyService],
  exports: [IdempotencyService],
})
export class IdempotencyModule implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly idempotency: IdempotencyService,
  ) {}

  onModuleInit(): void {
    this.jobs.add(idempotencyJob(this.idempotency));
  }
}
