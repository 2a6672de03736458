import { randomBytes } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { freePort } from '../../src/database/mongod/mongod-process';
import { builtMain, ensureBuilt, projectRoot } from '../../test/support/built-app';
import { noLimits, wideLimits } from '../../test/builders/limits';
import { benchCountries } from '../load/numbers';
import { startChild, type Child } from './child';
import type { BenchDatabase } from './database';

/**
 * `unlimited`: the product with every limit and the pumping guard turned off; else all of them count, and refuse nobody. `before`: the app of
 * another checkout. `instances`: several processes of the product on one database.
 */
export type TargetName = 'product' | 'unlimited' | 'prototype' | 'before' | 'instances';

export interface Target {
  readonly name: TargetName;
  readonly processes: readonly Child[];
  readonly database: string;
  /** Header lines for every request. */
  readonly headers: string;
}

export interface Surroundings {
  /** Temporary: logs, secrets, data. */
  readonly folder: string;
  readonly database: BenchDatabase;
  readonly sinkUrl: string;
  /** The checkout of the target `before`. */
  readonly against: string | null;
  /** Processes of the target `instances`. */
  readonly instances: number;
}

/** Node's arguments for a TypeScript file of this folder; compiled once at start, by swc. */
const typescript = (file: string): string[] => [
  '-r',
  join(projectRoot, 'scripts/register.cjs'),
  join(projectRoot, 'bench', file),
];
const randomKey = (): string => randomBytes(32).toString('base64url');

export async function startSink(folder: string): Promise<Child> {
  return startChild({
    name: 'sink',
    args: typescript('sink/sink.ts'),
    env: {},
    port: await freePort(),
    readyPath: '/stats',
    logPath: join(folder, 'sink.log'),
  });
}

export async function startTarget(name: TargetName, around: Surroundings): Promise<Target> {
  if (name === 'prototype') return startPrototype(around);
  if (name === 'before') return startApp(name, await builtIn(around.against ?? ''), around);
  await ensureBuilt();
  return startApp(name, builtMain, around);
}

async function builtIn(checkout: string): Promise<string> {
  const main = resolve(checkout, 'dist/src/main.js');
  await access(main).catch(() => {
    throw new Error(`--against ${checkout}: build it first (npm ci && npm run build)`);
  });
  return main;
}

const databaseOf = (name: TargetName): string => `bench_${name}`;

async function startPrototype({ folder, database, sinkUrl }: Surroundings): Promise<Target> {
  const name = 'prototype';
  const env = {
    NODE_ENV: 'production',
    MONGODB_URI: database.uriFor(databaseOf(name)),
    SMS_HTTP_URL: sinkUrl,
  };
  const child = await startChild({
    name,
    args: typescript('prototype/server.ts'),
    env,
    port: await freePort(),
    readyPath: '/health/ready',
    logPath: join(folder, `${name}.log`),
  });
  return { name, processes: [child], database: databaseOf(name), headers: '' };
}

/** The product as in production: its own logging into a file, a secrets file, no throttle per key. */
async function startApp(
  name: Exclude<TargetName, 'prototype'>,
  main: string,
  around: Surroundings,
): Promise<Target> {
  const [adminKey, apiKey] = [randomKey(), randomKey()];
  const secretsFile = join(around.folder, `${name}-secrets.json`);
  const secret = (): string => randomBytes(32).toString('base64');
  await writeFile(secretsFile, JSON.stringify({ index: secret(), ring: [{ kid: 'bench', key: secret() }] }), {
    mode: 0o600,
    flag: 'wx',
  });
  const env = {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    THROTTLE_PER_SECOND: '0',
    OUTBOUND_ALLOW_PRIVATE: 'true',
    MONGODB_URI: around.database.uriFor(databaseOf(name)),
    SECRETS_FILE: secretsFile,
    ADMIN_KEY: adminKey,
    BOOTSTRAP_API_KEY: apiKey,
    SMS_ROUTES: '*:http',
    SMS_HTTP_URL: around.sinkUrl,
    SMS_HTTP_FROM: 'Bench',
  };
  const processes: Child[] = [];
  try {
    while (processes.length < (name === 'instances' ? around.instances : 1)) {
      processes.push(await startInstance(`${name}-${processes.length}`, main, env, around.folder));
    }
    // One tells the database; another may take it from its cache for some seconds.
    for (const { port } of processes) await applySettings(port, adminKey, settingsOf(name));
  } catch (error) {
    await Promise.all(processes.map((child) => child.stop()));
    throw error;
  }
  const headers = `authorization: Bearer ${apiKey}\r\n`;
  return { name, processes, database: databaseOf(name), headers };
}

async function startInstance(
  name: string,
  main: string,
  env: Readonly<Record<string, string>>,
  folder: string,
): Promise<Child> {
  return startChild({
    name,
    // As `npm run start:prod` does.
    args: ['--max-old-space-size=512', main],
    env: { ...env, DATA_DIR: join(folder, name) },
    port: await freePort(),
    readyPath: '/health/ready',
    logPath: join(folder, `${name}.log`),
  });
}

/**
 * What can be tried in turn until the build takes it. In production an application sends nowhere before its countries
 * are named; a build from before limits knows nothing but them.
 */
function settingsOf(name: TargetName): readonly object[] {
  const allowedCountries = benchCountries;
  if (name === 'unlimited') return [{ allowedCountries, limits: noLimits, pumping: { mode: 'off' } }];
  const wide = { allowedCountries, limits: wideLimits };
  return name === 'before' ? [wide, { allowedCountries }] : [wide];
}

async function applySettings(port: number, adminKey: string, choices: readonly object[]): Promise<void> {
  const base = `http://127.0.0.1:${port}/v1/applications`;
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
  const list = (await (await fetch(base, { headers })).json()) as { data?: { id: string; name: string }[] };
  const id = list.data?.find(({ name }) => name === 'default')?.id;
  if (!id) throw new Error('the app has no application named "default"');
  const refused: string[] = [];
  for (const settings of choices) {
    const body = JSON.stringify({ settings });
    const answer = await fetch(`${base}/${id}`, { method: 'PATCH', headers, body });
    if (answer.ok) return;
    refused.push(`${answer.status} ${await answer.text()}`);
  }
  throw new Error(`settings could not be set: ${refused.join('; ')}`);
}
