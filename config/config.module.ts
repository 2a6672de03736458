import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { ConfigModule as NestConfigModule } from '@nestjs/config';
import type { GatewayRegistry } from './gateway-env';
import { loadSettings, type SecretsFileCheck } from './load-settings';
import {
  AuditSettings,
  LimitSettings,
  MongoSettings,
  OutboundSettings,
  PhoneSettings,
  SecretSettings,
  ServerSettings,
  type Settings,
  SmsSettings,
} from './settings';

/**
 * Reads `.env` of the working directory and the environment, which wins, and validates them. Nothing of the file
 * gets into `process.env`, where child processes would inherit it.
 * @throws SettingsError with every problem
 */
export async function readSettings(
  gateways: GatewayRegistry,
  envFile = '.env',
  secretsFileProblem?: SecretsFileCheck,
): Promise<Settings> {
  let settings: Settings | undefined;
  await NestConfigModule.forRoot({
    envFilePath: envFile,
    validate: (environment) => {
      settings = loadSettings(environment, gateways, secretsFileProblem);
      // What is returned here is what @nestjs/config would write into `process.env`.
      return {};
    },
  });
  if (!settings) throw new Error('@nestjs/config did not call validate');
  return settings;
}

/** Hands out the slices of the settings by their tokens, everywhere. */
@Global()
@Module({})
export class ConfigModule {
  static forRoot(settings: Settings): DynamicModule {
    const slices: [symbol, object][] = [
      [ServerSettings, settings.server],
      [MongoSettings, settings.mongo],
      [SecretSettings, settings.secrets],
      [SmsSettings, settings.sms],
      [OutboundSettings, settings.outbound],
      [LimitSettings, settings.limits],
      [AuditSettings, settings.audit],
      [PhoneSettings, settings.phone],
    ];
    const providers: Provider[] = slices.map(([provide, useValue]) => ({ provide, useValue }));
    return { module: ConfigModule, providers, exports: slices.map(([token]) => token) };
  }
}
