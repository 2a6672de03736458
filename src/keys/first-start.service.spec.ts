import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { loadSettings } from '../../config/load-settings';
import type { SecretSettings } from '../../config/settings';
import { someGateways } from '../../test/builders/gateways';
import { StartupError } from '../database/startup-error';
import { withGeneratedSecrets } from './first-start.service';
import { parseSecrets } from './secrets';

let folder: string;
let dataDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'first-start-'));
  dataDir = join(folder, 'deep', 'data');
});

afterEach(() => rm(folder, { recursive: true }));

async function start(env: NodeJS.ProcessEnv = {}): Promise<SecretSettings> {
  return (await withGeneratedSecrets(loadSettings({ DATA_DIR: dataDir, ...env }, someGateways))).secrets;
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('the first start', () => {
  it('generates a secrets file and both keys, for nobody else to read', async () => {
    const { adminKey, bootstrapApiKey, secretsFile } = await start();
    expect(adminKey).toMatch(/^[\w-]{43}$/);
    expect(bootstrapApiKey).toMatch(/^[\w-]{43}$/);
    expect(adminKey).not.toBe(bootstrapApiKey);
    expect(parseSecrets(await readFile(secretsFile, 'utf8')).ring).toHaveLength(1);

    expect((await readdir(dataDir)).sort()).toEqual(['admin-key', 'api-key', 'secrets.json']);
    expect(await modeOf(dataDir)).toBe('700');
    for (const name of await readdir(dataDir)) expect(await modeOf(join(dataDir, name))).toBe('600');
  });

  it('is the only one that generates', async () => {
    const first = await start();
    const file = await readFile(first.secretsFile, 'utf8');
    expect(await start()).toEqual(first);
    expect(await readFile(first.secretsFile, 'utf8')).toBe(file);
  });

  // Safety: fails when the file is written in place, or over one that is there.
  it('gives the same keys to processes that start at once', async () => {
    for (let round = 0; round < 20; round++) {
      dataDir = join(folder, `round-${round}`);
      const all = await Promise.all(Array.from({ length: 8 }, () => start()));
      expect(new Set(all.map((secrets) => inspect({ ...secrets }))).size).toBe(1);
      parseSecrets(await readFile(join(dataDir, 'secrets.json'), 'utf8'));
      expect(await readdir(dataDir)).toHaveLength(3);
    }
  });

  it('generates nothing in production', async () => {
    await start({
      NODE_ENV: 'production',
      SECRETS_FILE: join(dataDir, 'secrets.json'),
      ADMIN_KEY: randomBytes(32).toString('hex'),
      MONGODB_URI: 'mongodb://db.example/',
      SMS_ROUTES: '*:console',
      SANDBOX: 'true',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves keys alone that are set', async () => {
    const secrets = await start({ ADMIN_KEY: 'a'.repeat(32), BOOTSTRAP_API_KEY: 'b'.repeat(32) });
    expect(secrets).toMatchObject({ adminKey: 'a'.repeat(32), bootstrapApiKey: 'b'.repeat(32) });
    expect(await readdir(dataDir)).toEqual(['secrets.json']);
  });

  // Safety: a mistyped path must not silently give new keys, with which the old data cannot be read.
  it('generates no secrets file where one was named', async () => {
    await start({ SECRETS_FILE: join(folder, 'elsewhere.json') });
    expect(await readdir(folder)).toEqual(['deep']);
    expect(await readdir(dataDir)).not.toContain('secrets.json');
  });

  it('does not show the keys when the settings are printed', async () => {
    const secrets = await start();
    expect(inspect({ secrets }, { depth: 5 }) + JSON.stringify({ secrets })).not.toContain(secrets.adminKey!);
  });

  it('refuses a key file that was cut, naming it', async () => {
    await start();
    await writeFile(join(dataDir, 'admin-key'), 'short');
    await expect(start()).rejects.toThrow(StartupError);
    await expect(start()).rejects.toThrow(`${join(dataDir, 'admin-key')} holds no usable key`);
  });

  it('names what it cannot read', async () => {
    await writeFile(join(folder, 'file'), '');
    dataDir = join(folder, 'file', 'below');
    await expect(start()).rejects.toThrow(/cannot be read or written \(ENOTDIR\). Check DATA_DIR/);
  });

  it('leaves the mode of a folder alone that was there', async () => {
    dataDir = folder;
    await chmod(folder, 0o755);
    await start();
    expect(await modeOf(folder)).toBe('755');
  });
});
