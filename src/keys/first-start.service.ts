import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MIN_KEY_LENGTH } from '../../config/env';
import type { SecretSettings, Settings } from '../../config/settings';
import { withHiddenFields } from '../common/secret';
import { ExitCode, StartupError } from '../database/startup-error';
import { renderSecrets } from './secrets';

const KEY_BYTES = 32;
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * The settings with a secrets file that exists and no key missing: outside production, what is not set is
 * generated into `DATA_DIR` at the first start and read from there at every later one. In production nothing is
 * generated. Safe when several processes start at once: all end up with the same keys.
 * @throws StartupError when a file cannot be written or holds no usable key
 */
export async function withGeneratedSecrets(settings: Settings): Promise<Settings> {
  if (settings.server.isProduction) return settings;
  const { secrets } = settings;
  await mkdir(secrets.dataDir, { recursive: true, mode: FOLDER_MODE }).catch((error: unknown) => {
    throw cannotUse(secrets.dataDir, error);
  });
  await ensureSecretsFile(secrets);
  const complete: SecretSettings = {
    ...secrets,
    adminKey: secrets.adminKey ?? (await ensureKey(secrets.dataDir, 'admin-key')),
    bootstrapApiKey: secrets.bootstrapApiKey ?? (await ensureKey(secrets.dataDir, 'api-key')),
  };
  return Object.freeze({ ...settings, secrets: Object.freeze(withHiddenFields(complete)) });
}

async function ensureSecretsFile({ secretsFile, dataDir }: SecretSettings): Promise<void> {
  // A file that was named on purpose must exist: a new one in its place would lock out the data of the old one.
  if (secretsFile !== join(dataDir, 'secrets.json')) return;
  await readOrCreate(secretsFile, () => {
    const kid = new Date().toISOString().slice(0, 10);
    return renderSecrets(randomBytes(KEY_BYTES), kid, randomBytes(KEY_BYTES));
  });
}

async function ensureKey(dataDir: string, name: string): Promise<string> {
  const file = join(dataDir, name);
  const key = (await readOrCreate(file, () => `${randomBytes(KEY_BYTES).toString('base64url')}\n`)).trim();
  if (key.length >= MIN_KEY_LENGTH) return key;
  throw new StartupError(
    `${file} holds no usable key. Remove it: the next start generates a new one.`,
    ExitCode.wrongSetting,
  );
}

/** The content of `file`; if there is none, it comes into being whole, with mode 0600, and never over another. */
async function readOrCreate(file: string, content: () => string): Promise<string> {
  try {
    return (await readIfThere(file)) ?? (await createExclusively(file, content()));
  } catch (error) {
    throw cannotUse(file, error);
  }
}

/**
 * Written under a name of its own and then linked: a link appears at once with all content, and fails when the
 * name is taken. So another process sees the whole file or none, and who comes second reads what the first wrote.
 */
async function createExclusively(file: string, content: string): Promise<string> {
  const draft = `${file}.${randomBytes(8).toString('hex')}.tmp`;
  const handle = await open(draft, 'wx', FILE_MODE);
  try {
    await handle.writeFile(content);
    await handle.sync();
    await link(draft, file);
    return content;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return await readFile(file, 'utf8');
    throw error;
  } finally {
    await handle.close();
    await unlink(draft);
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function cannotUse(path: string, error: unknown): StartupError {
  return new StartupError(
    `${path} cannot be read or written (${errorCode(error) ?? 'unknown error'}). Check DATA_DIR and its permissions.`,
    ExitCode.wrongSetting,
  );
}

function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
