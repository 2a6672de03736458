import { existsSync } from 'node:fs';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import type { MongoSettings } from '../../../../config/settings';
import { checkDatabase } from '../../../database/database-check';
import { DEFAULT_CLIENT_OPTIONS } from '../../../database/durable-connection';
import { directUri } from '../../../database/mongod/mongod-address';
import { findMongod } from '../../../database/mongod/mongod-binary';
import { databaseName, withoutCredentials } from '../../../database/mongodb-uri';
import { StartupError } from '../../../database/startup-error';
import { storedFingerprint } from '../../../keys/index-fingerprint.service';
import { about, type Finding } from '../finding';
import { judgeClock, judgeLatency } from '../judgements';
import { fingerprintFinding } from './keys.service';

const area = about('database');
const PINGS = 7;

/** What is known of the keys, to be compared. */
export interface OwnKeys {
  readonly fingerprint: string | null;
}

/**
 * A server of one's own is asked; the embedded one only where it runs, over the socket of whoever runs it: a doctor
 * starts nothing, and takes no lock.
 */
export async function lookAtDatabase(
  settings: MongoSettings,
  keys: OwnKeys,
  timeoutMs: number,
): Promise<Finding[]> {
  const uri = settings.uri ?? runningEmbedded(settings.dataDir);
  if (uri === null) return [await embeddedFinding(settings)];
  try {
    const warnings = await checkDatabase(uri, timeoutMs);
    return [...warnings.map((warning) => area.warning(warning)), ...(await ask(uri, keys, timeoutMs))];
  } catch (error) {
    return [area.problem(error instanceof StartupError ? error.message : unexpected(error, uri))];
  }
}

/** Null: it does not run, or its socket is not in the data folder (a path too long for one). */
function runningEmbedded(dataDir: string): string | null {
  const socket = join(dataDir, 'mongodb', 'mongod.sock');
  return existsSync(socket) ? directUri({ socket }, 'sixdigit') : null;
}

async function embeddedFinding({ mongodBinary, dataDir }: MongoSettings): Promise<Finding> {
  const unseen = 'latency, clock and keys of the database are not checked: start the server, then ask again';
  try {
    const binary = await findMongod({ mongodBinary, dataDir, downloads: [] });
    return area.skipped(`the embedded MongoDB does not run (${binary} is there); ${unseen}`);
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    if (mongodBinary !== null) return area.problem(error.message);
    return area.warning(`no mongod is here: the first start downloads one, or set MONGOD_BINARY; ${unseen}`);
  }
}

async function ask(uri: string, keys: OwnKeys, timeoutMs: number): Promise<Finding[]> {
  const { retryAttempts: _, ...options } = DEFAULT_CLIENT_OPTIONS;
  const limits = {
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    socketTimeoutMS: timeoutMs,
  };
  const connection = await mongoose
    .createConnection(uri, { ...options, ...limits, appName: 'sixdigit-doctor', dbName: databaseName(uri) })
    .asPromise();
  try {
    return [
      ...(await askServer(connection)),
      fingerprintFinding(keys.fingerprint, await storedFingerprint(connection)),
    ];
  } finally {
    await connection.close();
  }
}

async function askServer(connection: Connection): Promise<Finding[]> {
  const admin = connection.getClient().db('admin');
  const { version } = (await admin.command({ buildInfo: 1 })) as { version?: string };
  const millis: number[] = [];
  let offset = 0;
  for (let n = 0; n < PINGS; n++) {
    const [wall, start] = [Date.now(), performance.now()];
    const { localTime } = (await admin.command({ hello: 1 })) as { localTime: Date };
    const took = performance.now() - start;
    // The quickest answer says most: theirs was read half-way, as far as one can know.
    if (took <= Math.min(...millis, Infinity)) offset = localTime.getTime() - (wall + took / 2);
    millis.push(took);
  }
  return [
    area.ok(
      `MongoDB ${version ?? 'of unknown version'}, a replica set that takes writes; majority, journaled`,
    ),
    judgeLatency(millis),
    judgeClock("the database's", offset, Math.min(...millis) / 2),
  ];
}

function unexpected(error: unknown, uri: string): string {
  const words = error instanceof Error ? error.message : String(error);
  return `it broke off while it was asked: ${withoutCredentials(words, uri)}. Ask again; its log may say why.`;
}
