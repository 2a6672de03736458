import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { SecretSettings } from '../../config/settings';
import { AuditModule } from '../audit/audit.module';
import { AccessGuard } from '../access/access.guard';
import { AdminKey } from '../access/admin-key';
import { CredentialsRepository } from '../access/credentials.repository';
import { CredentialsService } from '../access/credentials.service';
import { IdentifyGuard } from '../access/identify.guard';
import { API_KEYS, apiKeySchema } from './api-keys/api-key.schema';
import { ApiKeysController } from './api-keys/api-keys.controller';
import { ApiKeysRepository } from './api-keys/api-keys.repository';
import { ApiKeysService } from './api-keys/api-keys.service';
import { BootstrapKeyService } from './api-keys/bootstrap-key.service';
import { APPLICATIONS, applicationSchema } from './application.schema';
import { ApplicationsController } from './applications.controller';
import { ApplicationsRepository } from './applications.repository';
import { ApplicationsService } from './applications.service';

/** Applications, their keys, and the guards that let calls in. The order of the guards is set in `app.module.ts`. */
@Module({
  imports: [
    AuditModule,
    MongooseModule.forFeature([
      { name: APPLICATIONS, schema: applicationSchema },
      { name: API_KEYS, schema: apiKeySchema },
    ]),
  ],
  controllers: [ApplicationsController, ApiKeysController],
  providers: [
    ApplicationsService,
    ApplicationsRepository,
    ApiKeysService,
    ApiKeysRepository,
    BootstrapKeyService,
    CredentialsService,
    CredentialsRepository,
    IdentifyGuard,
    AccessGuard,
    {
      provide: AdminKey,
      inject: [SecretSettings],
      useFactory: ({ adminKey }: SecretSettings) => new AdminKey(adminKey),
    },
  ],
  exports: [ApplicationsService, IdentifyGuard, AccessGuard],
})
export class ApplicationsModule {}
