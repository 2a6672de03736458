import { randomBytes } from 'node:crypto';
import mongoose, { type Connection, type mongo } from 'mongoose';
import { DEFAULT_CLIENT_OPTIONS, openDurableClient } from '../../src/database/durable-connection';

/** A database of a test file's own. The getters work inside tests and hooks, once it is connected. */
export interface TestMongo {
  /** For the app or a second process: names this file's database. */
  readonly uri: string;
  readonly name: string;
  /** The default connection's twin: models, indexes, ordinary reads. */
  readonly connection: Connection;
  /** What DURABLE_DB is in the app. */
  readonly durableDb: mongo.Db;
}

/** Call it once at the top of a test file; the database is dropped after its last test. */
export function useDatabase(): TestMongo {
  const name = `test_${randomBytes(6).toString('hex')}`;
  let connection: Connection | null = null;
  let client: mongo.MongoClient | null = null;

  beforeAll(async () => {
    const { retryAttempts: _, ...options } = DEFAULT_CLIENT_OPTIONS;
    connection = await mongoose.createConnection(testServerUri(), { ...options, dbName: name }).asPromise();
    client = await openDurableClient(testServerUri());
  });

  afterAll(async () => {
    await connection?.dropDatabase();
    await connection?.close();
    await client?.close();
  });

  return {
    name,
    uri: testServerUri(name),
    get connection() {
      return connected(connection);
    },
    get durableDb() {
      return connected(client).db(name);
    },
  };
}

/** The mongod of this run, with or without a database name in the path. */
export function testServerUri(database = ''): string {
  const uri = process.env['SIXDIGIT_TEST_MONGODB_URI'];
  if (!uri)
    throw new Error('No test database: this file belongs into the int or e2e project of jest.config.js');
  return uri.replace('/?', `/${database}?`);
}

/** The mongod of this run, to start more of them. */
export function testMongodBinary(): string {
  return process.env['SIXDIGIT_TEST_MONGOD'] ?? 'mongod';
}

function connected<T>(value: T | null): T {
  if (!value) throw new Error('The test database is there inside tests and hooks only');
  return value;
}
