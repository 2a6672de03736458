import { mongo } from 'mongoose';
import { type Assessment, assessServer, type ServerReport } from './server-report';
import { SLOT_CLIENT_OPTIONS } from './slot-connection';
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
      ...SLOT_CLIENT_OPTIONS,
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
  if (options.writeConcern?.journal === true) return;
  throw new Error('it switches journaling off; remove j');
}

async function askServer(client: mongo.MongoClient): Promise<ServerReport> {
  const admin = client.db('admin');
  const hello = await admin.command({ hello: 1 });
  const { version } = (await admin.command({ buildInfo: 1 })) as { version?: string };
  const concern = await ifAllowed(admin, { getDefaultRWConcern: 1 });
  const config = await ifAllowed(admin, { replSetGetConfig: 1 });
  return {
    hello,
    version: version ?? 'of unknown version',
    defaultWriteConcern: concern?.['defaultWriteConcern']?.w ?? null,
    majorityIsJournaled: config?.['config']?.writeConcernMajorityJournalDefault ?? null,
  };
}

/** Both commands need rights that an application's account often lacks; their answers only lead to warnings. */
async function ifAllowed(admin: mongo.Db, command: mongo.Document): Promise<mongo.Document | null> {
  try {
    return await admin.command(command);
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
      `The server of MONGODB_URI is too old: ${words}. 5.0 is the oldest that works.`,
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
