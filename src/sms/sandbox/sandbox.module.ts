import { Module, type OnModuleInit } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Jobs } from '../../common/jobs/jobs';
import { KeysModule } from '../../keys/keys.module';
import { SandboxController } from './sandbox.controller';
import { sandboxJob } from './sandbox.job';
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
export class SandboxModule implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly sandbox: SandboxService,
  ) {}

  onModuleInit(): void {
    this.jobs.add(sandboxJob(this.sandbox));
  }
}
