import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { getConnectionToken, MongooseModule } from '@nestjs/mongoose';
import type { Connection, mongo } from 'mongoose';
import { systemClock } from '../common/clock';
import { LeaseRepository } from '../common/mongo/lease.repository';
import type { RunningDatabase } from './database';
import { ensureIndexes } from './indexes';
import { DEFAULT_CLIENT_OPTIONS, openDurableClient, DURABLE_DB } from './durable-connection';
import { OpenClients } from './open-clients';

const RUNNING_DATABASE = Symbol('RUNNING_DATABASE');
const DURABLE_CLIENT = Symbol('DURABLE_CLIENT');

/**
 * Two connections to one database: mongoose's default one for schemas, indexes and ordinary reads, and
 * `DURABLE_DB` for slot operations and leases. The database itself is started before Nest (`startDatabase`).
 */
@Global()
@Module({})
export class DatabaseModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(RUNNING_DATABASE) private readonly database: RunningDatabase,
    @Inject(getConnectionToken()) private readonly connection: Connection,
    private readonly clients: OpenClients,
  ) {}

  static forRoot(database: RunningDatabase, clients = new OpenClients()): DynamicModule {
    const onConnectionCreate = (connection: Connection): void => clients.add(() => connection.close());
    const openDurable = (): Promise<mongo.MongoClient> => {
      const client = openDurableClient(database.uri);
      clients.add(async () => (await client).close());
      return client;
    };
    return {
      module: DatabaseModule,
      imports: [
        MongooseModule.forRoot(database.uri, {
          ...DEFAULT_CLIENT_OPTIONS,
          dbName: database.name,
          onConnectionCreate,
        }),
      ],
      providers: [
        { provide: RUNNING_DATABASE, useValue: database },
        { provide: OpenClients, useValue: clients },
        { provide: DURABLE_CLIENT, useFactory: openDurable },
        {
          provide: DURABLE_DB,
          useFactory: (client: mongo.MongoClient) => client.db(database.name),
          inject: [DURABLE_CLIENT],
        },
        {
          provide: LeaseRepository,
          useFactory: (db: mongo.Db) => new LeaseRepository(db, systemClock),
          inject: [DURABLE_DB],
        },
      ],
      exports: [DURABLE_DB, LeaseRepository],
    };
  }

  /** Nest runs the hooks of global modules first: nobody writes before the unique indexes are there. */
  async onModuleInit(): Promise<void> {
    await ensureIndexes(this.database.uri, this.connection);
  }

  /**
   * Nest closes in four rounds: onModuleDestroy, beforeApplicationShutdown, the HTTP server, and this one; in
   * each, global modules come last. So whoever still needs the database to finish (relay, leases, audit)
   * does that in any hook of a module that is not global, and finds it open. mongoose's own module closes
   * its connection in this round too; doing it here first, which it does not mind, fixes the order: the
   * clients before the server.
   */
  async onApplicationShutdown(): Promise<void> {
    await this.clients.close();
    await this.database.stop();
  }
}
