import type { SecretSettings } from '../../config/settings';
import { aKeyRing, secretsText } from '../../test/builders/key-ring';
import { useDatabase } from '../../test/support/mongo';
import { ExitCode } from '../database/startup-error';
import { IndexFingerprintRepository } from './index-fingerprint.repository';
import { IndexFingerprintCheck } from './index-fingerprint.service';

const database = useDatabase();
const settings: SecretSettings = {
  secretsFile: '/run/secrets/sixdigit.json',
  dataDir: '/data',
  adminKey: null,
  bootstrapApiKey: null,
};

beforeEach(() => database.connection.collection('server_identity').deleteMany({}));

function start(index: string): Promise<void> {
  const keys = aKeyRing({ text: secretsText([{ kid: 'k1' }], index) });
  return new IndexFingerprintCheck(
    keys,
    new IndexFingerprintRepository(database.connection),
    settings,
  ).onModuleInit();
}

describe('the fingerprint of the index key', () => {
  it('is kept by an empty database and lets the same key in again', async () => {
    await start('index');
    await start('index');
    expect(await database.connection.collection('server_identity').countDocuments()).toBe(1);
  });

  it('refuses to start with another index key, naming SECRETS_FILE, and stays what it was', async () => {
    await start('index');
    await expect(start('another')).rejects.toMatchObject({
      message: expect.stringContaining('SECRETS_FILE (/run/secrets/sixdigit.json)') as string,
      exitCode: ExitCode.wrongSetting,
    });
    await start('index');
  });

  it('lets one key win when servers with two keys start at once on an empty database', async () => {
    for (let round = 0; round < 10; round++) {
      await database.connection.collection('server_identity').deleteMany({});
      const starts = Array.from({ length: 16 }, (_, i) => start(i % 2 === 0 ? 'index' : 'another'));
      const results = (await Promise.allSettled(starts)).map(({ status }) => status);
      const even = results.filter((_, i) => i % 2 === 0);
      const odd = results.filter((_, i) => i % 2 === 1);
      expect([new Set(even), new Set(odd)]).toContainEqual(new Set(['fulfilled']));
      expect([new Set(even), new Set(odd)]).toContainEqual(new Set(['rejected']));
    }
  });
});
