import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { RiskSettings, ServerSettings, SmsSettings } from '../../config/settings';
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
import { LogoFilesController } from './logo/logo-files.controller';
import { LOGOS, logoSchema } from './logo/logo.schema';
import { LogosController } from './logo/logos.controller';
import { LogosRepository } from './logo/logos.repository';
import { LogosService } from './logo/logos.service';
import { Home } from './settings/settings-rules';
import { RiskCheckDefinitions } from '../limits/risk/check-definitions';
import { availableChecks } from '../limits/risk/configured-checks';
import { definitionOf, GatewayDefinitions } from '../sms/gateway-definition';
import { offeredSenders } from '../sms/senders/sender-choice';
import { servedChannels } from '../sms/served-channels';

/** Applications and their keys, which access asks for. */
@Module({
  imports: [
    AuditModule,
    MongooseModule.forFeature([
      { name: APPLICATIONS, schema: applicationSchema },
      { name: API_KEYS, schema: apiKeySchema },
      { name: LOGOS, schema: logoSchema },
    ]),
  ],
  controllers: [ApplicationsController, ApiKeysController, LogosController, LogoFilesController],
  providers: [
    ApplicationsService,
    ApplicationsRepository,
    CurrentApplications,
    ApiKeysService,
    ApiKeysRepository,
    BootstrapKeyService,
    LogosService,
    LogosRepository,
    KeyCredentials,
    { provide: CredentialSource, useExisting: KeyCredentials },
    CredentialsService,
    {
      provide: Home,
      inject: [GatewayDefinitions, SmsSettings, RiskCheckDefinitions, RiskSettings, ServerSettings],
      useFactory: (
        gateways: GatewayDefinitions,
        sms: SmsSettings,
        riskChecks: RiskCheckDefinitions,
        risk: RiskSettings,
        { isProduction }: ServerSettings,
      ): Home => ({
        gateways: Object.entries(sms.gateways).flatMap(([name, config]) => {
          const definition = definitionOf(name, gateways);
          if (!definition) return [];
          const senders = offeredSenders(definition, config);
          return [{ name, channels: servedChannels(definition, config), senders }];
        }),
        riskChecks: availableChecks(riskChecks, risk.checks),
        isProduction,
      }),
    },
  ],
  exports: [ApplicationsService, CredentialsService],
})
export class ApplicationsModule {}
