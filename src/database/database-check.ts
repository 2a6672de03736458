import { mongo } from 'mongoose';
import { type Assessment, assessServer, type ServerReport } from './server-report';
import { DURABLE_CLIENT_OPTIONS } from './durable-connection';
import { ExitCode, StartupError } from './startup-error';
import { withoutCredentials } from './mongodb-uri';

/** How long a server may take to answer at the start. */
const REACH_LIMIT_MS = 10_000;
const AUTHENTICATION_FAILED = new Set<unknown>([18, 8000]);

/**
 * Asks the server of MONGODB_URI what it is.
 * @returns warnings to show
 * @throws StartupError when it is unreachable, too old, not a replica set, or the URI is wrong. No message
 *   holds credentials.
 */
export async function checkDatabase(uri: string, reachLimitMs = REACH_LIMIT_MS): Promise<readonly string[]> {
  const { problem, warnings } = await assess(uri, reachLimitMs);
  if (problem) throw new StartupError(problem, ExitCode.databaseUnsuitable);
  return warnings;
}

async function assess(uri: string, reachLimitMs: number): Promise<Assessment> {
  const client = openClient(uri, reachLimitMs);
  try {
    return assessServer(await askServer(client));
  } catch (error) {
    throw explain(error, uri);
  } finally {
    await client.close();
  }
}

/** Does not connect yet: what fails here is the URI itself. */
function openClient(uri: string, reachLimitMs: number): mongo.MongoClient {
  try {
    const client = new mongo.MongoClient(uri, {
      ...DURABLE_CLIENT_OPTIONS,
      appName: 'sixdigit-start',
      serverSelectionTimeoutMS: reachLimitMs,
      connectTimeoutMS: reachLimitMs,
      socketTimeoutMS: reachLimitMs,
    });
    refuseOverruledJournal(client.options);
    return client;
  } catch (error) {
    throw new StartupError(
      `MONGODB_URI cannot be used: ${wordsOf(error, uri)}. It looks like ` +
        'mongodb://host:27017/sixdigit?replicaSet=rs0.',
      ExitCode.wrongSetting,
    );
  }
}

/** The one option of ours that a URI can overrule: `j`, the old name of `journal`. */
function refuseOverruledJournal(options: mongo.MongoOptions): void {
  if (options.writeConcern.journal === true) return;
  throw new Error('it switches journaling off; remove j');
}

async function askServer(client: mongo.MongoClient): Promise<ServerReport> {
  const admin = client.db('admin');
  const { version } = await ask<{ version?: string }>(admin, { buildInfo: 1 });
  return {
    hello: await ask<ServerReport['hello']>(admin, { hello: 1 }),
    version: version ?? 'of unknown version',
    defaultWriteConcern: await defaultWriteConcern(admin),
    majorityIsJournaled: await majorityIsJournaled(admin),
  };
}

async function defaultWriteConcern(admin: mongo.Db): Promise<string | number | null> {
  interface Answer {
    defaultWriteConcern?: { w?: string | number };
  }
  const answer = await ifAllowed(ask<Answer>(admin, { getDefaultRWConcern: 1 }));
  return answer?.defaultWriteConcern?.w ?? null;
}

async function majorityIsJournaled(admin: mongo.Db): Promise<boolean | null> {
  interface Answer {
    config?: { writeConcernMajorityJournalDefault?: boolean };
  }
  const answer = await ifAllowed(ask<Answer>(admin, { replSetGetConfig: 1 }));
  return answer?.config?.writeConcernMajorityJournalDefault ?? null;
}

async function ask<T>(admin: mongo.Db, command: mongo.Document): Promise<T> {
  return (await admin.command(command)) as T;
}

/** Some commands need rights that an application's account often lacks; their answers only lead to warnings. */
async function ifAllowed<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof mongo.MongoServerError) return null;
    throw error;
  }
}

function explain(error: unknown, uri: string): StartupError {
  const words = wordsOf(error, uri);
  if (error instanceof mongo.MongoServerError && AUTHENTICATION_FAILED.has(error.code)) {
    return new StartupError(
      'The server refuses the user name or password in MONGODB_URI. Correct them, and authSource if the account ' +
        'belongs to another database.',
      ExitCode.wrongSetting,
    );
  }
  if (error instanceof mongo.MongoCompatibilityError) {
    return new StartupError(
      `The server of MONGODB_URI is too old: ${words}. 6.0 is the oldest that works.`,
      ExitCode.databaseUnsuitable,
    );
  }
  return new StartupError(unreachable(error, words), ExitCode.databaseUnreachable);
}

function wordsOf(error: unknown, uri: string): string {
  return withoutCredentials(error instanceof Error ? error.message : String(error), uri);
}

function unreachable(error: unknown, words: string): string {
  const reason = error instanceof mongo.MongoServerSelectionError ? error.reason : undefined;
  const servers = [...(reason?.servers.values() ?? [])];
  if (servers.some((server) => server.type === 'RSGhost')) {
    return 'The server of MONGODB_URI was started with --replSet but is no replica set yet. Run rs.initiate() once.';
  }
  if (reason?.setName && servers.length === 0) {
    return (
      `No host of MONGODB_URI belongs to the replica set "${reason.setName}": either the set has another name, or ` +
      'the server runs on its own. Correct replicaSet in MONGODB_URI, or make the server a replica set.'
    );
  }
  return (
    `MongoDB cannot be reached through MONGODB_URI: ${words}. Check that the server runs, that host and port are ` +
    'right, and that a firewall or an access list lets this machine through.'
  );
}
