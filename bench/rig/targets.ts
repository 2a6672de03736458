import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../src/database/mongod/mongod-process';
import { builtMain, ensureBuilt, projectRoot } from '../../test/support/built-app';
import { benchCountries } from '../load/numbers';
import { startChild, type Child } from './child';
import type { BenchDatabase } from './database';

/** `before`: the app of another checkout. */
export type TargetName = 'app' | 'prototype' | 'before';

export interface Target {
  readonly name: TargetName;
  readonly process: Child;
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
  if (name === 'before') return startApp(name, join(around.against ?? '', 'dist/src/main.js'), around);
  await ensureBuilt();
  return startApp(name, builtMain, around);
}

async function startPrototype({ folder, database, sinkUrl }: Surroundings): Promise<Target> {
  const process = await startChild({
    name: 'prototype',
    args: typescript('prototype/server.ts'),
    env: { NODE_ENV: 'production', MONGODB_URI: database.uriFor('bench_prototype'), SMS_HTTP_URL: sinkUrl },
    port: await freePort(),
    readyPath: '/health/ready',
    logPath: join(folder, 'prototype.log'),
  });
  return { name: 'prototype', process, headers: '' };
}

/** The product as in production: its own logging into a file, a secrets file, no throttle per key. */
async function startApp(
  name: 'app' | 'before',
  main: string,
  { folder, database, sinkUrl }: Surroundings,
): Promise<Target> {
  const [adminKey, apiKey, port] = [randomKey(), randomKey(), await freePort()];
  const secretsFile = join(folder, `${name}-secrets.json`);
  const secret = (): string => randomBytes(32).toString('base64');
  await writeFile(secretsFile, JSON.stringify({ index: secret(), ring: [{ kid: 'bench', key: secret() }] }), {
    mode: 0o600,
    flag: 'wx',
  });
  const process = await startChild({
    name,
    // As `npm run start:prod` does.
    args: ['--max-old-space-size=512', main],
    env: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      THROTTLE_PER_SECOND: '0',
      OUTBOUND_ALLOW_PRIVATE: 'true',
      MONGODB_URI: database.uriFor(`bench_${name}`),
      DATA_DIR: join(folder, name),
      SECRETS_FILE: secretsFile,
      ADMIN_KEY: adminKey,
      BOOTSTRAP_API_KEY: apiKey,
      SMS_ROUTES: '*:http',
      SMS_HTTP_URL: sinkUrl,
      SMS_HTTP_FROM: 'Bench',
    },
    port,
    readyPath: '/health/ready',
    logPath: join(folder, `${name}.log`),
  });
  try {
    await allowCountries(port, adminKey);
  } catch (error) {
    await process.stop();
    throw error;
  }
  return { name, process, headers: `authorization: Bearer ${apiKey}\r\n` };
}

/** In production an application sends nowhere before its countries are named. */
async function allowCountries(port: number, adminKey: string): Promise<void> {
  const base = `http://127.0.0.1:${port}/v1/applications`;
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
  const list = (await (await fetch(base, { headers })).json()) as { data?: { id: string; name: string }[] };
  const id = list.data?.find(({ name }) => name === 'default')?.id;
  if (!id) throw new Error('the app has no application named "default"');
  const body = JSON.stringify({ settings: { allowedCountries: benchCountries } });
  const answer = await fetch(`${base}/${id}`, { method: 'PATCH', headers, body });
  if (!answer.ok)
    throw new Error(`allowedCountries could not be set: ${answer.status} ${await answer.text()}`);
}
