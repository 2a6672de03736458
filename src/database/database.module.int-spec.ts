import { Inject, Module, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import {
  getConnectionToken,
  InjectModel,
  MongooseModule,
  Prop,
  Schema,
  SchemaFactory,
} from '@nestjs/mongoose';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Connection, Model, mongo } from 'mongoose';
import { useDatabase } from '../../test/support/mongo';
import type { RunningDatabase } from './database';
import { DatabaseModule } from './database.module';
import { ExitCode } from './startup-error';
import { DURABLE_DB } from './durable-connection';

@Schema({ collection: 'gadgets' })
class Gadget {
  @Prop({ type: String, unique: true })
  serial!: string;

  @Prop({ type: Date, expires: 60 })
  purgeAt!: Date;
}

const schema = SchemaFactory.createForClass(Gadget);
const steps: string[] = [];

/** A feature that needs the database from its first hook to its last. */
@Module({ imports: [MongooseModule.forFeature([{ name: Gadget.name, schema }])] })
class FeatureModule implements OnModuleInit, BeforeApplicationShutdown {
  constructor(
    @InjectModel(Gadget.name) private readonly gadgets: Model<Gadget>,
    @Inject(DURABLE_DB) private readonly durableDb: mongo.Db,
  ) {}

  async onModuleInit(): Promise<void> {
    steps.push(`indexes: ${(await this.durableDb.collection('gadgets').indexes()).length}`);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.gadgets.updateOne({ serial: 'last words' }, {}, { upsert: true });
    steps.push('finished');
  }
}

describe('the database module', () => {
  const database = useDatabase();
  const running = (): RunningDatabase => ({
    uri: database.uri,
    name: database.name,
    embeddedPid: () => null,
    stop: async () => void steps.push('server stopped'),
  });
  const boot = async (): Promise<TestingModule> => {
    const imports = [DatabaseModule.forRoot(running()), FeatureModule];
    const app = await Test.createTestingModule({ imports }).compile();
    try {
      return await app.init();
    } catch (error) {
      await app.close();
      throw error;
    }
  };

  beforeEach(() => void (steps.length = 0));

  it('has the indexes before a feature starts, and the database until the last feature has finished', async () => {
    const app = await boot();
    const connection = app.get<Connection>(getConnectionToken());
    expect(connection.name).toBe(database.name);
    await app.close();
    expect(steps).toEqual(['indexes: 3', 'finished', 'server stopped']);
    expect(connection.readyState).toBe(0);
    expect(await database.durableDb.collection('gadgets').countDocuments()).toBe(1);
  });

  it('starts again over the indexes of last time', async () => {
    await (await boot()).close();
  });

  it('names an index that exists with other options', async () => {
    const gadgets = database.durableDb.collection('gadgets');
    await gadgets.drop();
    await gadgets.createIndex({ purgeAt: 1 }, { expireAfterSeconds: 5 });
    await expect(boot()).rejects.toMatchObject({
      message: expect.stringMatching(/collection gadgets .*purgeAt/s),
      exitCode: ExitCode.databaseUnsuitable,
    });
  });
});
