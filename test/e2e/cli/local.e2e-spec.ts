/** The commands that need no server: what is typed wrongly, init, doctor, secrets, cleanup, completion. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { parseSecrets } from '../../../src/keys/secrets';
import { CliProcess, type CliOptions, type CliResult } from '../../support/cli-process';
import { testServerUri, useDatabase } from '../../support/mongo';

// The first to ask builds the app.
jest.setTimeout(120_000);

const database = useDatabase();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sixdigit-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function cli(words: readonly string[], options: Partial<CliOptions> = {}): Promise<CliResult> {
  return CliProcess.run(words, { folder, ...options });
}
const file = (name: string) => join(folder, name);

describe('what is typed wrongly', () => {
  it.each([
    [['sned'], /unknown command 'sned'[^]*Did you mean send/],
    [[], /Usage: sixdigit/],
    [['send'], /missing required argument 'to'/],
    [['send', '+12015550123', '--colour'], /unknown option '--colour'/],
    [['send', '+12015550123', '--channel', 'fax'], /Allowed choices are sms, voice/],
    [['check', 'id', '123456'], /too many arguments/],
    [['apps', 'list', '--timeout', '0'], /whole number from 1 to 600/],
    [['apps', 'list', '--url', 'http://verify.example.com'], /not encrypted and not on this machine/],
    [['audit', 'export', '--from', 'yesterday'], /time with zone/],
    [['audit', 'export', '--resume'], /needs --output/],
    [['cleanup'], /required option '--once'/],
    [['completion', 'tcsh'], /Allowed choices are bash, zsh, fish/],
    [['init', '--yes', '--sms-routes', '*:twillio'], /SMS_ROUTES.*twillio/],
  ])('%j is told on the standard error output, with exit code 2', async (words, told) => {
    const { code, stdout, stderr } = await cli(words, { env: { ADMIN_KEY: 'k'.repeat(32) } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(told);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr).not.toContain('\u001b');
  });

  it('shows help with an example on the standard output, in plain text', async () => {
    const { code, stdout, stderr } = await cli(['audit', 'export', '--help'], {
      env: { FORCE_COLOR: undefined },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Usage: sixdigit audit export[^]*Example:\n {2}\$ sixdigit audit export/);
    expect(stdout).not.toContain('\u001b');
  });

  it('says which key is missing, and what is wrong in the settings', async () => {
    expect(await cli(['send', '+12015550123'])).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/SIXDIGIT_API_KEY/),
    });
    const short = await cli(['apps', 'list'], { env: { ADMIN_KEY: 'hunter2', PORT: 'x' } });
    expect(short).toMatchObject({ code: 78, stderr: expect.stringMatching(/PORT: must be a whole number/) });
    expect(short.stderr).not.toContain('hunter2');
  });
});

describe('sixdigit completion', () => {
  it.each(['bash', 'zsh', 'fish'])(
    'gives a script for %s, which asks for what may come next',
    async (shell) => {
      expect((await cli(['completion', shell])).stdout).toMatch(/sixdigit complete/);
    },
  );

  it('knows commands and options', async () => {
    expect((await cli(['complete', '--', 'keys', ''])).stdout).toMatch(/^create\t.*\n[^]*^revoke\t/m);
    expect((await cli(['complete', '--', 'audit', 'export', '--'])).stdout).toMatch(/^--resume\t/m);
  });
});

describe('sixdigit init, doctor and a start in production', () => {
  const words = ['init', '--yes', '--mongodb-uri-stdin', '--sms-routes', '*:labsmobile', '--json'];
  const uri = () => testServerUri(database.name);

  it('write files that are ours alone, once, and say what is left to do', async () => {
    const { code, stdout, stderr } = await cli(words, { stdin: uri() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      missing: ['SMS_LABSMOBILE_USERNAME', 'SMS_LABSMOBILE_TOKEN'],
    });
    const env = parse(await readFile(file('.env')));
    expect(env).toMatchObject({
      NODE_ENV: 'production',
      MONGODB_URI: uri(),
      SECRETS_FILE: file('secrets.json'),
    });
    expect(stdout).not.toContain(env['ADMIN_KEY']);
    const modes = await Promise.all(
      ['.env', 'secrets.json'].map(async (name) => (await stat(file(name))).mode & 0o777),
    );
    expect(modes).toEqual([0o600, 0o600]);
    expect(parseSecrets(await readFile(file('secrets.json'), 'utf8')).ring).toHaveLength(1);
  });

  // Safety: fails when files are opened to be written over: the old keys would be gone.
  it('overwrite nothing, and leave nothing half done', async () => {
    const before = await readFile(file('secrets.json'), 'utf8');
    expect(await cli(words, { stdin: uri() })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/is there already/),
    });
    const other = await cli([...words, '--secrets-file', 'other.json'], { stdin: uri() });
    expect(other).toMatchObject({ code: 1, stderr: expect.stringMatching(/\.env is there already/) });
    expect(await readFile(file('secrets.json'), 'utf8')).toBe(before);
    expect((await readdir(folder)).sort()).toEqual(['.env', 'secrets.json']);
  });

  it('name what is missing, all at once', async () => {
    const { code, stdout } = await cli(['doctor', '--offline']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^problem +settings +SMS_LABSMOBILE_USERNAME: is missing/m);
    expect(stdout).toMatch(/^problem +settings +SMS_LABSMOBILE_TOKEN: is missing/m);
    expect(stdout).toMatch(/^ok +database +MongoDB \d/m);
  });

  it('pass once the credentials are there, and the server starts', async () => {
    const text = await readFile(file('.env'), 'utf8');
    await writeFile(
      file('.env'),
      text.replace(/^(SMS_LABSMOBILE_\w+)=$/gm, `$1=${randomBytes(8).toString('hex')}`),
    );
    const { code, stdout } = await cli(['doctor', '--offline']);
    expect(stdout).toMatch(/^ok +keys +the database has no keys yet/m);
    expect(stdout).not.toMatch(/^(problem|warning)/m);
    expect(code).toBe(0);
    const server = await CliProcess.start(['start'], { folder, env: { PORT: '0', HOST: '127.0.0.1' } });
    await server.says(/"msg":"ready"/);
    server.child.kill('SIGTERM');
    expect(await server.exited).toMatchObject({ code: 0, stderr: '' });
    expect((await cli(['doctor', '--offline'])).stdout).toMatch(/^ok +keys +they belong to this database/m);
  });

  it('find a database that is away, other keys, and a file that others can read', async () => {
    await chmod(file('.env'), 0o644);
    const env = { MONGODB_URI: 'mongodb://ana:s3cret@127.0.0.1:1/x' };
    const { code, stdout } = await cli(['doctor', '--offline', '--timeout', '1', '--json'], { env });
    await chmod(file('.env'), 0o600);
    expect(code).toBe(1);
    expect(stdout).toMatch(/cannot be reached through MONGODB_URI/);
    expect(stdout).toMatch(/\.env: other accounts of this machine get at it/);
    expect(stdout).not.toMatch(/ana|s3cret/);
    const other = {
      index: randomBytes(32).toString('base64'),
      ring: [{ kid: 'a', key: randomBytes(32).toString('base64') }],
    };
    await writeFile(file('other.json'), JSON.stringify(other), { mode: 0o600 });
    const exchanged = await cli(['doctor', '--offline'], { env: { SECRETS_FILE: 'other.json' } });
    expect(exchanged.stdout).toMatch(
      /^problem +keys +the index key is not the one this database was filled with/m,
    );
    await rm(file('other.json'));
  });
});

describe('sixdigit secrets', () => {
  it('rotate the ring without showing a key, and keep the file of before', async () => {
    const before = await readFile(file('secrets.json'), 'utf8');
    const { code, stdout } = await cli(['secrets', 'rotate', '--in', '90', '--json']);
    expect(code).toBe(0);
    const { backup } = JSON.parse(stdout) as { backup: string };
    const after = parseSecrets(await readFile(file('secrets.json'), 'utf8'));
    expect(after.ring).toHaveLength(2);
    expect(after.ring[1]!.signFrom).toBeGreaterThan(Date.now() + 30_000);
    expect(await readFile(backup, 'utf8')).toBe(before);
    for (const { key } of after.ring) expect(stdout).not.toContain(key.toString('base64'));
    expect((await cli(['secrets', 'list'])).stdout).toMatch(/ signs [^]* waits /);
    expect(await cli(['secrets', 'rotate'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/later/),
    });
  });

  // Safety: fails when prune takes what no longer signs: codes that are out could not be checked.
  it('prune no key that something may still need', async () => {
    const day = 86_400_000;
    const at = (ago: number) => new Date(Date.now() - ago * day).toISOString();
    const key = () => randomBytes(32).toString('base64');
    const ring = [
      { kid: 'a', key: key() },
      { kid: 'b', key: key(), signFrom: at(60) },
      { kid: 'c', key: key(), signFrom: at(30) },
    ];
    await writeFile(file('ring.json'), JSON.stringify({ index: key(), ring }));
    const prune = ['secrets', 'prune', '--file', 'ring.json', '--json'];
    expect(JSON.parse((await cli([...prune, '--dry-run'])).stdout)).toMatchObject({
      removed: ['a'],
      backup: null,
    });
    expect(JSON.parse((await cli(prune)).stdout)).toMatchObject({
      removed: ['a'],
      keys: [{ kid: 'b' }, { kid: 'c' }],
    });
    expect(JSON.parse((await cli(prune)).stdout)).toMatchObject({ removed: [], backup: null });
  });

  it('name a file that is not there or wrong', async () => {
    expect(await cli(['secrets', 'list', '--file', 'none.json'])).toMatchObject({ code: 78, stdout: '' });
    await writeFile(file('wrong.json'), '{"index": s3cret');
    const wrong = await cli(['secrets', 'rotate', '--file', 'wrong.json']);
    expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/is not valid JSON/) });
    expect(wrong.stderr).not.toContain('s3cret');
  });
});

describe('sixdigit cleanup --once', () => {
  const env = { SCHEDULER: 'off', PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'fatal' };

  it('does what is due though the scheduler is off, listens nowhere, and says so', async () => {
    const log = database.connection.collection('audit_events');
    await log.deleteMany({});
    const old = Date.now() / 1_000 - 500 * 86_400;
    const pos = database.connection.base.mongo.Timestamp.fromBits(0, Math.floor(old));
    await log.insertOne({ type: 'created', at: new Date(old * 1_000), pos });
    const { code, stdout, stderr } = await cli(['cleanup', '--once', '--json'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ due: [] });
    expect(await log.countDocuments({ pos })).toBe(0);
  });
});
