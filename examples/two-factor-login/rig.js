/**
 * For the test alone: Sixdigit from the installed package, the example beside it, and people in front. With SIXDIGIT_URL and
 * SIXDIGIT_ADMIN_KEY it uses that server, and makes an application of its own there.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const require = createRequire(import.meta.url);

/**
 * @param env of the example, beside where Sixdigit is
 * @param of what Sixdigit is started with; given: it is always one of its own
 * @param between starts what stands between the example and Sixdigit, and says where
 */
export async function openRig({ env = {}, of, between } = {}) {
  const ends = [];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const server = of || !process.env.SIXDIGIT_URL ? await startSixdigit(ends, of) : sharedSixdigit();
    const asAdmin = (path, body) => ask(server.url, path, server.adminKey, body);
    const { id } = await asAdmin('/v1/applications', {
      name: 'Example',
      settings: await settingsOfExample(),
    });
    const keyFor = async (...scopes) => (await asAdmin(`/v1/applications/${id}/keys`, { scopes })).key;
    const key = await keyFor('verifications:write', 'verifications:read');
    const inbox = inboxOf(server.url, await keyFor('sandbox:read'));
    const url = between ? await between(server.url, ends) : server.url;
    const example = await startExample(ends, { ...env, SIXDIGIT_URL: url, SIXDIGIT_API_KEY: key });
    return { ...inbox, log: example.log, person: (headers) => person(example.url, headers), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Those of `npm run settings`, without the pause between two messages: the test has no time to wait. */
async function settingsOfExample() {
  const file = await readFile(join(import.meta.dirname, 'settings.json'), 'utf8').catch(() => '{}');
  const { policy, ...settings } = JSON.parse(file);
  return { ...settings, policy: { ...policy, cooldownSeconds: 0 } };
}

const sharedSixdigit = () => ({ url: process.env.SIXDIGIT_URL, adminKey: process.env.SIXDIGIT_ADMIN_KEY });

/** Of the installed package, on a port and in a folder of its own. `ends` gets what stops it. */
export async function startSixdigit(ends, env = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'sixdigit-example-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const manifest = require.resolve('sixdigit/package.json');
  const bin = join(dirname(manifest), JSON.parse(await readFile(manifest, 'utf8')).bin.sixdigit);
  const port = await freePort();
  const adminKey = randomBytes(32).toString('hex');
  const own = { PORT: String(port), DATA_DIR: folder, ADMIN_KEY: adminKey, ...env };
  const child = run(ends, [bin, 'start'], { ...own, LOG_LEVEL: 'warn' });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (child.ended()) throw new Error(`Sixdigit did not start: ${child.log()}`);
    return (await fetch(`${url}/health/ready`).catch(() => null))?.ok;
  });
  return { url, adminKey };
}

export async function startExample(ends, env, args = ['server.js']) {
  const child = run(ends, args, { ...env, PORT: '0' });
  const url = await until(() => {
    if (child.ended()) throw new Error(`The example did not start: ${child.log()}`);
    return /listening at (http:[^\s"]+)/.exec(child.log())?.[1];
  });
  return { url, log: child.log };
}

/** A process that is stopped by its handle, and waited for. */
function run(ends, args, env) {
  let log = '';
  const { PATH, HOME, MONGOD_BINARY } = process.env;
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, MONGOD_BINARY, ...env },
    cwd: import.meta.dirname,
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += chunk));
  const exit = once(child, 'exit');
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  ends.push(async () => {
    if (!ended()) child.kill('SIGTERM');
    await exit;
  });
  return { log: () => log, ended };
}

/** The messages of the sandbox; `nextMessage` hands each out once. */
export function inboxOf(url, key) {
  const seen = new Set();
  const messages = async (to) =>
    (await ask(url, `/v1/sandbox/messages?to=${encodeURIComponent(to)}`, key)).data;
  const nextMessage = (to) =>
    until(async () => {
      const message = (await messages(to)).find(({ id }) => !seen.has(id));
      if (message) seen.add(message.id);
      return message;
    });
  return { messages, nextMessage, nextCode: async (to) => (await nextMessage(to)).code };
}

export async function ask(url, path, key, body, more = {}) {
  const response = await fetch(url + path, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...more },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(21_000),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  return answer;
}

/** A browser, or a device with a key in its headers: it keeps cookies, and shows what came back. */
export function person(url, always = {}) {
  const jar = new Map();
  const visit = async (path, init) => {
    const cookies = [...jar].map((pair) => pair.join('=')).join('; ');
    const headers = { 'content-type': 'application/json', ...always, ...(cookies && { cookie: cookies }) };
    const response = await fetch(url + path, { ...init, headers, signal: AbortSignal.timeout(20_000) });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      jar.set(name, value);
    }
    return { ok: response.ok, status: response.status, ...(await response.json()) };
  };
  const send =
    (method) =>
    (path, body = {}) =>
      visit(path, { method, body: JSON.stringify(body) });
  return { get: (path) => visit(path), post: send('POST'), put: send('PUT'), cookies: jar };
}

/** A code that is not the given one. */
export const otherThan = (code) => (code.startsWith('1') ? '2' : '1') + code.slice(1);

export async function until(look) {
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(50)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error('Waited 30 s for nothing.');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
