import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { KeysModule } from '../../../keys/keys.module';
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
export class IdempotencyModule {}
