import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'dotenv';
import { Secret, withHiddenFields } from '../src/common/secret';
import { type Env, type EnvName, envSchema } from './env';
import type { MongoSettings } from './settings';
import { SettingsError } from './settings-error';

/** What whoever calls a running server needs to know of its settings, and of nothing else. */
export interface ClientSettings {
  /** Where the server is found from here, without a slash at the end. */
  readonly url: string;
  /** Of an application; null: none is set. */
  readonly apiKey: Secret | null;
  readonly adminKey: Secret | null;
  /** Absolute path of the folder with generated keys. */
  readonly dataDir: string;
  /** Absolute path of the key ring. */
  readonly secretsFile: string;
  readonly isProduction: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `.env` of the working directory (null: none) and the environment, which wins: as the server reads them. */
export function environmentWith(envFile: string | null = '.env'): Environment {
  const file = envFile !== null && existsSync(envFile) ? parse(readFileSync(envFile)) : {};
  return { ...file, ...process.env };
}

/** Variables that send the calls of other programs through a proxy; those of Sixdigit go straight. */
export function proxyVariables(environment: Environment = process.env): string[] {
  return ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].filter(
    (name) => environment[name] ?? environment[name.toLowerCase()],
  );
}

/** Only what is needed is looked at: a client works where the server's other settings are wrong or not there. */
export function clientSettings(environment: Environment = environmentWith()): ClientSettings {
  const env = readSome(environment, ['NODE_ENV', 'HOST', 'PORT', 'PUBLIC_URL', 'DATA_DIR', 'SECRETS_FILE']);
  const keys = readSome(environment, ['ADMIN_KEY', 'BOOTSTRAP_API_KEY']);
  const apiKey = trimmed(environment['SIXDIGIT_API_KEY']) ?? keys.BOOTSTRAP_API_KEY;
  return {
    url: env.PUBLIC_URL ?? `http://${ownHost(env.HOST)}:${env.PORT}`,
    apiKey: apiKey === undefined ? null : new Secret(apiKey),
    adminKey: keys.ADMIN_KEY === undefined ? null : new Secret(keys.ADMIN_KEY),
    dataDir: resolve(env.DATA_DIR),
    secretsFile: resolve(env.SECRETS_FILE ?? `${env.DATA_DIR}/secrets.json`),
    isProduction: env.NODE_ENV === 'production',
  };
}

/** Where the database is, whatever is wrong with other settings. */
export function mongoSettings(environment: Environment = environmentWith()): MongoSettings {
  const env = readSome(environment, [
    'NODE_ENV',
    'MONGODB_URI',
    'EMBEDDED_MONGODB',
    'MONGOD_BINARY',
    'DATA_DIR',
  ]);
  return withHiddenFields({
    uri: env.MONGODB_URI ?? null,
    embeddedAllowed: env.NODE_ENV !== 'production' || env.EMBEDDED_MONGODB,
    mongodBinary: env.MONGOD_BINARY ?? null,
    dataDir: resolve(env.DATA_DIR),
  });
}

function readSome<Name extends EnvName>(environment: Environment, names: readonly Name[]): Pick<Env, Name> {
  const problems: string[] = [];
  const read = names.map((name) => {
    const parsed = envSchema.shape[name].safeParse(trimmed(environment[name]));
    if (!parsed.success) problems.push(...parsed.error.issues.map(({ message }) => `${name}: ${message}`));
    return [name, parsed.data] as const;
  });
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.fromEntries(read) as Pick<Env, Name>;
}

/** A server that listens everywhere is found at home. */
function ownHost(host = '127.0.0.1'): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** Empty counts as unset, as everywhere. */
function trimmed(text: string | undefined): string | undefined {
  const value = text?.trim();
  return value === '' ? undefined : value;
}
