import { mongo } from 'mongoose';
import { DEFAULT_CLIENT_OPTIONS, DURABLE_CLIENT_OPTIONS } from './durable-connection';

const careless = [
  'retryWrites=true',
  'w=1',
  'journal=false',
  'wtimeoutMS=1',
  'readPreference=secondaryPreferred',
  'socketTimeoutMS=1',
  'connectTimeoutMS=1',
  'serverSelectionTimeoutMS=1',
  'waitQueueTimeoutMS=1',
  'heartbeatFrequencyMS=60000',
  'readConcernLevel=local',
].join('&');

/** The options in force once the driver has merged ours with those of the URI. */
function merged(options: mongo.MongoClientOptions): mongo.MongoOptions {
  return new mongo.MongoClient(`mongodb://127.0.0.1:1/x?${careless}`, options).options;
}

describe('options of the connections', () => {
  it('hold for slot operations whatever the URI says', () => {
    const options = merged(DURABLE_CLIENT_OPTIONS);
    expect(options).toMatchObject({
      retryWrites: false,
      connectTimeoutMS: 3_000,
      socketTimeoutMS: 8_000,
      serverSelectionTimeoutMS: 3_000,
      waitQueueTimeoutMS: 3_000,
      heartbeatFrequencyMS: 1_000,
    });
    expect(options.readPreference.mode).toBe('primary');
    expect(options.writeConcern).toMatchObject({ w: 'majority', journal: true, wtimeoutMS: 5_000 });
  });

  it('hold for the default connection, with majority reads and retryable writes', () => {
    const { autoIndex, autoCreate, bufferCommands, retryAttempts, ...driver } = DEFAULT_CLIENT_OPTIONS;
    expect([autoIndex, autoCreate, bufferCommands, retryAttempts]).toEqual([false, false, false, 0]);
    const options = merged(driver);
    expect(options.retryWrites).toBe(true);
    expect(options.readConcern?.level).toBe('majority');
    expect(options.writeConcern).toMatchObject({ w: 'majority', journal: true, wtimeoutMS: 5_000 });
  });
});
