import { existsSync, readFileSync, statSync } from 'node:fs';
import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule as NestConfigModule, getDefaultParser, registerAs } from '@nestjs/config';
import { exposure } from '../src/common/file-access';
import { type EnvName, secretEnvNames } from './env';
import { eventSinkOf, eventSinkVariables } from './event-sink-env';
import { gatewayOf, type GatewayRegistry, gatewayVariables } from './gateway-env';
import { loadSettings, type LoadOptions } from './load-settings';
import { riskCheckOf, riskCheckVariables } from './risk-check-env';
import type { Settings } from './settings';

export interface ReadOptions extends Omit<LoadOptions, 'risks'> {
  /** Instead of the process's own variables. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Reads `.env` of the working directory and the environment, which wins, and validates them.
 *
 * `ConfigModule.forRoot` of @nestjs/config could read them too, but only for an application that exists, and copies
 * what it finds into `process.env`, where child processes would inherit secrets. The settings are needed before:
 * they start the database and the logger, and the first start adds generated keys to them.
 * @throws SettingsError with every problem
 */
export function readSettings(
  gateways: GatewayRegistry,
  envFile: string | null = '.env',
  { environment = process.env, ...options }: ReadOptions = {},
): Settings {
  const file = fileOf(envFile);
  const holdsSecrets = Object.keys(file).some((name) => isSecret(name, gateways, options));
  const exposed = holdsSecrets && envFile !== null ? exposure(statSync(envFile), process.getuid?.()) : null;
  const risks = exposed === null ? [] : [`.env: ${exposed}`];
  return loadSettings({ ...file, ...environment }, gateways, { ...options, risks });
}

/** One variable, before the settings are validated: plug-ins are loaded first, because they bring settings. */
export function readVariable(
  name: EnvName,
  envFile: string | null = '.env',
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  return environment[name] ?? fileOf(envFile)[name];
}

function fileOf(envFile: string | null): Readonly<Record<string, string>> {
  return envFile !== null && existsSync(envFile)
    ? (getDefaultParser()(readFileSync(envFile)) as Record<string, string>)
    : {};
}

function isSecret(
  variable: string,
  gateways: GatewayRegistry,
  { riskChecks = {}, eventSinks = {} }: LoadOptions,
): boolean {
  if (secretEnvNames.has(variable)) return true;
  const gateway = gatewayOf(variable, gateways);
  const check = riskCheckOf(variable, riskChecks);
  const sink = eventSinkOf(variable, eventSinks);
  const known = [
    ...(gateway ? gatewayVariables(gateway) : []),
    ...(check ? riskCheckVariables(check) : []),
    ...(sink ? eventSinkVariables(sink) : []),
  ];
  return known.some(({ name, secret }) => name === variable && secret);
}

/** Hands out the slices of the settings by their tokens, everywhere; `ConfigService` knows them too. */
@Module({})
export class ConfigModule {
  static forRoot({ warnings: _, ...slices }: Settings): DynamicModule {
    const load = Object.entries(slices).map(([name, slice]) => registerAs(name, () => slice));
    return {
      module: ConfigModule,
      // Everything is read and validated already: nothing may come past that from the environment.
      imports: [NestConfigModule.forRoot({ isGlobal: true, load, ...withoutEnvironment })],
    };
  }
}

const withoutEnvironment = { ignoreEnvFile: true, validatePredefined: false, skipProcessEnv: true };
