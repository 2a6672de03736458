import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { KeysModule } from '../../keys/keys.module';
import { SandboxController } from './sandbox.controller';
import { SandboxRepository } from './sandbox.repository';
import { SANDBOX_MESSAGES, sandboxSchema } from './sandbox.schema';
import { SandboxService } from './sandbox.service';

/** The sandbox inbox. Registering the schema lets the indexes be ensured at start. */
@Module({
  imports: [KeysModule, MongooseModule.forFeature([{ name: SANDBOX_MESSAGES, schema: sandboxSchema }])],
  controllers: [SandboxController],
  providers: [SandboxRepository, SandboxService],
  exports: [SandboxService],
})
export class SandboxModule {}
