/* global fetch, performance */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

/** The command that was installed with the package, here or in another folder. */
export async function binIn(folder = import.meta.dirname) {
  const manifest = createRequire(join(folder, 'x.mjs')).resolve('sixdigit/package.json');
  return join(dirname(manifest), JSON.parse(await readFile(manifest, 'utf8')).bin.sixdigit);
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** `sixdigit start` in a folder of its own, or in one that is there. */
export async function startByBin({ env = {}, folder, files = {}, bin } = {}) {
  const home = folder ?? (await mkdtemp(join(import.meta.dirname, 'start-')));
  for (const [name, text] of Object.entries(files)) await writeFile(join(home, name), text);
  const port = await freePort();
  const apiKey = env.BOOTSTRAP_API_KEY ?? randomBytes(24).toString('hex');
  const { PATH, HOME, MONGOD_BINARY } = process.env;
  const started = performance.now();
  const child = spawn(process.execPath, [bin ?? (await binIn()), 'start'], {
    cwd: home,
    env: {
      PATH,
      HOME,
      MONGOD_BINARY,
      PORT: String(port),
      LOG_LEVEL: 'warn',
      BOOTSTRAP_API_KEY: apiKey,
      ...env,
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += chunk));
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const isReady = async () => (await fetch(`${url}/health/ready`).catch(() => null))?.ok === true;
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${log}`);
    await sleep(20);
  }
  const readyMs = Math.round(performance.now() - started);
  return {
    ...{ url, apiKey, home, readyMs, log: () => log },
    call: callOf(url, apiKey),
    stop: async ({ keep = false } = {}) => {
      child.kill('SIGTERM');
      const [code] = await exited;
      if (!keep) await rm(home, { recursive: true, force: true });
      return code;
    },
  };
}

export const callOf =
  (url, apiKey) =>
  async (method, path, body, headers = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json().catch(() => null), headers: answer.headers };
  };

export async function until(ask, ms = 20_000) {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(50)) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error('it did not happen in time');
}

export const temporary = () => mkdtemp(join(tmpdir(), 'sixdigit-proof-'));
