import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ConfigModule } from '../config/config.module';
import type { Settings } from '../config/settings';
import { AccessGuard } from './access/access.guard';
import { AccessModule } from './access/access.module';
import { IdentifyGuard } from './access/identify.guard';
import { ApplicationsModule } from './applications/applications.module';
import { AuditModule } from './audit/audit.module';
import { EventSinksModule } from './audit/sinks/event-sinks.module';
import { CleanupModule } from './cleanup/cleanup.module';
import { CommonModule } from './common/common.module';
import type { RunningDatabase } from './database/database';
import { DatabaseModule } from './database/database.module';
import { OpenClients } from './database/open-clients';
import { HostedModule } from './hosted/hosted.module';
import { isTryable } from './hosted/try/is-tryable';
import { TryModule } from './hosted/try/try.module';
import { HealthModule } from './health/health.module';
import { ThrottleModule } from './limits/throttle/throttle.module';
import { ThrottleGuard } from './limits/throttle/throttle.guard';
import { GatewaysModule } from './operator/gateways/gateways.module';
import { PhoneNumbersModule } from './operator/phone-numbers/phone-numbers.module';
import { PolicyModule } from './operator/policy/policy.module';
import { MessagesModule } from './operator/preview/messages.module';
import { VerificationsModule } from './otp/verifications/verifications.module';
import { RelayModule } from './otp/relay/relay.module';
import { ReceiptsModule } from './otp/deliveries/receipts/receipts.module';
import { builtInExtensions, type Extensions } from './plugins/extensions';
import { ExtensionsModule } from './plugins/extensions.module';
import { PricesModule } from './sms/prices/prices.module';
import { SmsModule } from './sms/sms.module';
import { StatisticsModule } from './statistics/statistics.module';

@Module({})
export class AppModule {
  static forRoot(
    settings: Settings,
    database: RunningDatabase,
    extensions: Extensions = builtInExtensions,
    clients = new OpenClients(),
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(settings),
        CommonModule,
        DatabaseModule.forRoot(database, clients),
        ExtensionsModule.forRoot(extensions),
        AccessModule,
        ApplicationsModule,
        AuditModule,
        EventSinksModule,
        CleanupModule,
        GatewaysModule,
        HealthModule,
        ThrottleModule,
        MessagesModule,
        VerificationsModule,
        PhoneNumbersModule,
        PolicyModule,
        ReceiptsModule,
        RelayModule,
        PricesModule,
        SmsModule,
        StatisticsModule,
        ...(settings.hosted.isOn ? [HostedModule] : []),
        ...(isTryable(settings) ? [TryModule] : []),
      ],
      providers: [
        // In this order: whose allowance is used, is it used up, may the call be made.
        { provide: APP_GUARD, useClass: IdentifyGuard },
        { provide: APP_GUARD, useExisting: ThrottleGuard },
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}
