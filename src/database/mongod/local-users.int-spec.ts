import { chmod, mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testMongodBinary } from '../../../test/support/mongo';
import { EmbeddedMongod } from './embedded-mongod';

const NOBODY = 65_534;

/** What a program of that account is told when it opens the socket: `open`, or the code of the error. */
function openAs(uid: number | undefined, socket: string): Promise<string> {
  const script = `require('node:net').connect(process.argv[1])
    .on('connect', () => { console.log('open'); process.exit(); })
    .on('error', (error) => console.log(error.code));`;
  const child = spawn(process.execPath, ['-e', script, socket], { uid, gid: uid, cwd: '/', env: {} });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(output.trim()));
  });
}

/** Where that process listens: `address:port` in hexadecimal, or the path under which a Unix socket was made. */
async function listenersOf(pid: number): Promise<string[]> {
  const fds = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  const own = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]));
  const rowsOf = async (table: string): Promise<string[][]> => {
    const lines = (await readFile(`/proc/${pid}/net/${table}`, 'utf8')).split('\n');
    return lines.map((line) => line.trim().split(/\s+/));
  };
  const tcp = [...(await rowsOf('tcp')), ...(await rowsOf('tcp6'))];
  const unix = await rowsOf('unix');
  return [
    ...tcp.filter((row) => row[3] === '0A' && own.has(row[9])).map((row) => row[1] ?? ''),
    // 00010000: it accepts connections.
    ...unix.filter((row) => row[3] === '00010000' && own.has(row[6])).map((row) => row[7] ?? ''),
  ];
}

const onLinux = process.platform === 'linux' ? it : it.skip;
const asRoot = process.getuid?.() === 0 ? it : it.skip;

describe('other accounts of the machine', () => {
  let dataDir = '';
  let embedded: EmbeddedMongod;
  let socket = '';

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sixdigit-others-'));
    embedded = await EmbeddedMongod.start({
      dataDir,
      mongodBinary: testMongodBinary(),
      log: () => undefined,
    });
    socket = join(dataDir, 'mongodb', 'mongod.sock');
    // As a folder that was there before the first start may be.
    await chmod(dataDir, 0o755);
  });
  afterAll(async () => {
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  // Catches: a mongod that listens on 127.0.0.1, where every account of the machine reaches it.
  onLinux('find the embedded MongoDB on no port, nor on a socket elsewhere', async () => {
    expect(await listenersOf(embedded.pid)).toEqual([join(dataDir, 'mongodb', 'start.sock')]);
  });

  it('have no rights in its folder nor on its socket', async () => {
    expect((await stat(join(dataDir, 'mongodb'))).mode & 0o777).toBe(0o700);
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    await expect(openAs(undefined, socket)).resolves.toBe('open');
  });

  // Catches: a folder or a socket that others may use.
  asRoot('are refused when they try, by the folder and by the socket alone', async () => {
    await expect(openAs(NOBODY, socket)).resolves.toBe('EACCES');
    await chmod(join(dataDir, 'mongodb'), 0o755);
    await expect(openAs(NOBODY, socket)).resolves.toBe('EACCES');
    await chmod(socket, 0o666);
    await expect(openAs(NOBODY, socket)).resolves.toBe('open');
    await chmod(socket, 0o600);
    await chmod(join(dataDir, 'mongodb'), 0o700);
  });
});
