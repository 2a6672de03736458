import type { MongoSettings } from '../../config/settings';
import { checkDatabase } from './database-check';
import { EmbeddedMongod } from './mongod/embedded-mongod';
import { databaseName } from './mongodb-uri';
import { ExitCode, StartupError } from './startup-error';

/** A database that was found fit for use. */
export interface RunningDatabase {
  /** Holds credentials: never show it. */
  readonly uri: string;
  readonly name: string;
  /** Process id of the embedded mongod, null with a server of one's own. */
  readonly embeddedPid: () => number | null;
  /** Stops the embedded mongod, if there is one; the clients should be closed before. */
  readonly stop: () => Promise<void>;
}

/**
 * The first step of a start: the server of MONGODB_URI, or else the embedded one, checked.
 * @param log told what an operator should know: downloads, restarts, warnings
 * @throws StartupError to be shown plainly, with the exit code in it
 */
export async function startDatabase(
  settings: MongoSettings,
  log: (line: string) => void,
): Promise<RunningDatabase> {
  return settings.uri === null ? startEmbedded(settings, log) : useServer(settings.uri, log);
}

async function useServer(uri: string, log: (line: string) => void): Promise<RunningDatabase> {
  for (const warning of await checkDatabase(uri)) log(`Warning: ${warning}`);
  return { uri, name: databaseName(uri), embeddedPid: () => null, stop: async () => undefined };
}

async function startEmbedded(settings: MongoSettings, log: (line: string) => void): Promise<RunningDatabase> {
  if (!settings.embeddedAllowed) {
    throw new StartupError(
      'MONGODB_URI is missing. Set it, or EMBEDDED_MONGODB=true to run the embedded MongoDB in production.',
      ExitCode.wrongSetting,
    );
  }
  const embedded = await EmbeddedMongod.start({ ...settings, log });
  return {
    uri: embedded.uri,
    name: databaseName(embedded.uri),
    embeddedPid: () => embedded.pid,
    stop: () => embedded.stop(),
  };
}
