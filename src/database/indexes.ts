import { type Connection, mongo } from 'mongoose';
import { ExitCode, StartupError } from './startup-error';

/** 85 IndexOptionsConflict, 86 IndexKeySpecsConflict */
const CONFLICTS = new Set<unknown>([85, 86]);

/**
 * Creates the missing indexes of every registered model; those that exist cost one round trip. It uses a
 * client without a socket time-out, because building an index on a full collection may take minutes.
 * @throws StartupError when an index of the same name or keys exists with other options
 */
export async function ensureIndexes(uri: string, connection: Connection): Promise<void> {
  const client = await new mongo.MongoClient(uri, {
    appName: 'sixdigit-start',
    writeConcern: { w: 'majority' },
  }).connect();
  try {
    const db = client.db(connection.name);
    await Promise.all(Object.values(connection.models).map((model) => ensureIndexesOf(model, db)));
  } finally {
    await client.close();
  }
}

async function ensureIndexesOf(model: Connection['models'][string], db: mongo.Db): Promise<void> {
  const indexes = model.schema
    .indexes()
    .map(([key, options]) => ({ ...options, key: key as mongo.IndexSpecification }));
  if (indexes.length === 0) return;
  const name = model.collection.collectionName;
  try {
    await db.collection(name).createIndexes(indexes as mongo.IndexDescription[]);
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError) || !CONFLICTS.has(error.code)) throw error;
    throw new StartupError(
      `An index of the collection ${name} exists with other options: ${error.message}. Drop that index; the next ` +
        'start creates it anew.',
      ExitCode.databaseUnsuitable,
    );
  }
}
