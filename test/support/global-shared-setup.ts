import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppProcess } from './app-process';
import { ADMIN_KEY, commonEnv, newKey, renderRing } from './engine';
import { GatewaySwitch } from './gateway-switch';
import globalSetup from './global-setup';
import { testServerUri } from './mongo';
import { type Shared, sharedToEnv } from './shared';

declare global {
  /** Stops them; the teardown runs in the same process. */
  var sixdigitStopShared: (() => Promise<void>) | undefined;
}

/** Two app processes for all files of a project, because a start costs seconds; see `shared-engine.ts`. */
export default async function globalSharedSetup(): Promise<void> {
  await globalSetup();
  const folder = await mkdtemp(join(tmpdir(), 'sixdigit-shared-'));
  const gateway = await GatewaySwitch.start();
  const database = `test_${randomBytes(6).toString('hex')}`;
  const secretsFile = join(folder, 'secrets.json');
  await writeFile(secretsFile, renderRing([{ kid: 'first', key: newKey() }]), { mode: 0o600 });
  const env = {
    ...commonEnv(),
    MONGODB_URI: testServerUri(database),
    SECRETS_FILE: secretsFile,
    SMS_HTTP_URL: `${gateway.url}/messages`,
    SMS_ROUTES: '*:http;US:console',
  };
  const apps = await Promise.all([AppProcess.start({ env }), AppProcess.start({ env })]);
  globalThis.sixdigitStopShared = async () => {
    await Promise.all(apps.map((app) => app.kill()));
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  };
  // For a run that is broken off.
  process.once('exit', () => apps.forEach((app) => app.killAtExit()));
  const shared: Shared = {
    urls: apps.map(({ url }) => url),
    database,
    env,
    switchUrl: gateway.url,
    adminKey: ADMIN_KEY,
  };
  sharedToEnv(shared);
}
