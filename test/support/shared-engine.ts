import mongoose, { type Connection } from 'mongoose';
import { DEFAULT_CLIENT_OPTIONS } from '../../src/database/durable-connection';
import { AppProcess } from './app-process';
import { Installation, takeNumbersFrom } from './engine';
import { GatewaySink } from './gateway-sink';
import { GatewaySwitch } from './gateway-switch';
import { testServerUri } from './mongo';
import { sharedFromEnv } from './shared';

/**
 * Two app processes on one database that all files of `test/regressions/` share. A file has its own applications,
 * numbers and sink; it must not count on being alone in the database, nor make gateways fail, which opens breakers for
 * all. Call it once at the top of a test file.
 */
export function useSharedEngine(): SharedEngine {
  const engine = new SharedEngine();
  beforeAll(() => engine.connect(), 60_000);
  afterAll(() => engine.disconnect(), 60_000);
  return engine;
}

export class SharedEngine extends Installation {
  private readonly shared = sharedFromEnv();
  private readonly own: AppProcess[] = [];
  private connection: Connection | null = null;
  private ownSink: GatewaySink | null = null;
  readonly adminKey = this.shared.adminKey;

  get apps(): readonly { readonly url: string }[] {
    return [...this.shared.urls.map((url) => ({ url })), ...this.own];
  }

  get sink(): GatewaySink {
    if (!this.ownSink) throw new Error('The sink is there inside tests and hooks only');
    return this.ownSink;
  }

  get db(): NonNullable<Connection['db']> {
    if (!this.connection?.db) throw new Error('The database is there inside tests and hooks only');
    return this.connection.db;
  }

  /** The key ring of all processes. */
  get secretsFile(): string {
    return this.shared.env['SECRETS_FILE'] ?? '';
  }

  async connect(): Promise<void> {
    const { retryAttempts: _, ...options } = DEFAULT_CLIENT_OPTIONS;
    const dbName = this.shared.database;
    this.connection = await mongoose.createConnection(testServerUri(), { ...options, dbName }).asPromise();
    this.ownSink = await GatewaySink.start();
    takeNumbersFrom(await GatewaySwitch.register(this.shared.switchUrl, this.ownSink.url));
  }

  /** A process of this file's own on the same database and keys, without any memory: as after a restart. */
  async add(env: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
    const app = await AppProcess.start({ env: { ...this.shared.env, ...env } });
    this.own.push(app);
    return app;
  }

  async disconnect(): Promise<void> {
    await Promise.all(this.own.map((app) => app.stop()));
    await this.ownSink?.close();
    await this.connection?.close();
  }
}
