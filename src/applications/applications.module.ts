import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { CredentialSource } from '../access/credentials/credential-source';
import { CredentialsService } from '../access/credentials/credentials.service';
import { AuditModule } from '../audit/audit.module';
import { API_KEYS, apiKeySchema } from './api-keys/api-key.schema';
import { ApiKeysController } from './api-keys/api-keys.controller';
import { ApiKeysRepository } from './api-keys/api-keys.repository';
import { ApiKeysService } from './api-keys/api-keys.service';
import { BootstrapKeyService } from './api-keys/bootstrap-key.service';
import { KeyCredentials } from './api-keys/key-credentials.service';
import { APPLICATIONS, applicationSchema } from './application.schema';
import { ApplicationsController } from './applications.controller';
import { ApplicationsRepository } from './applications.repository';
import { ApplicationsService } from './applications.service';
import { CurrentApplications } from './current-applications.service';

/** Applications and their keys, which access asks for. */
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
    CurrentApplications,
    ApiKeysService,
    ApiKeysRepository,
    BootstrapKeyService,
    KeyCredentials,
    { provide: CredentialSource, useExisting: KeyCredentials },
    CredentialsService,
  ],
  exports: [ApplicationsService, CredentialsService],
})
export class ApplicationsModule {}
