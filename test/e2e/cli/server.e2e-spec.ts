/** The commands that call a server, against one that the command line itself has started in an empty folder. */
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { freePort } from '../../../src/database/mongod/mongod-process';
import { CliProcess, type CliResult } from '../../support/cli-process';

// The first to ask builds the app.
jest.setTimeout(120_000);

let folder = '';
let env: Record<string, string> = {};
let server: CliProcess;
let keys: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sixdigit-cli-'));
  env = { PORT: String(await freePort()) };
  server = await CliProcess.start(['start'], { folder, env });
  await server.says(/"msg":"ready"/);
  const files = ['api-key', 'admin-key'].map((name) => readFile(join(folder, '.sixdigit', name), 'utf8'));
  keys = (await Promise.all(files)).map((key) => key.trim());
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.exited;
  await rm(folder, { recursive: true, force: true });
});

/** No command ever shows a key that it was not asked to show. */
async function cli(
  words: string,
  options: { stdin?: string; env?: Record<string, string> } = {},
): Promise<CliResult> {
  const result = await CliProcess.run(words.split(' '), {
    folder,
    ...options,
    env: { ...env, ...options.env },
  });
  for (const key of keys) expect(result.stdout + result.stderr).not.toContain(key);
  return result;
}
async function json<T = Record<string, unknown>>(words: string): Promise<T> {
  const { code, stdout, stderr } = await cli(`${words} --json`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}
async function api<T>(path: string): Promise<readonly T[]> {
  const headers = { authorization: `Bearer ${keys[0] ?? ''}` };
  const answer = await fetch(`http://127.0.0.1:${env['PORT']}/v1/${path}`, { headers });
  return ((await answer.json()) as { data: readonly T[] }).data;
}

describe('sixdigit start', () => {
  it('does in an empty folder what npm start does in a clone', async () => {
    expect(server.stdout).toMatch(/Sixdigit is ready: http/);
    expect(await readdir(folder)).toEqual(['.sixdigit']);
  });

  it('refuses a second one on the folder, with the exit code of a start', async () => {
    const second = await CliProcess.run(['start'], { folder, env: { PORT: '0' } });
    expect(second).toMatchObject({ code: 73, stdout: '' });
  });
});

describe('sixdigit send and check', () => {
  it('verify a number by hand', async () => {
    const { id } = await json<{ id: string }>('send +12015550123');
    const wrong = await cli(`check ${id} --code-stdin`, { stdin: 'AAAA\n' });
    expect(wrong).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/wrong: pending, 4 tries left/),
    });
    const [message] = await api<{ code: string }>('sandbox/messages?limit=1');
    const right = await cli(`check ${id} --code-stdin --json`, { stdin: message?.code });
    expect(right.code).toBe(0);
    expect(JSON.parse(right.stdout)).toMatchObject({ valid: true, status: 'approved' });
  });

  it('say why not, in one sentence with the remedy', async () => {
    expect(await cli('send 123')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/phone_invalid/),
    });
    expect(await cli('check AAAAAAAAAAAAAAAAAAAAAA', { stdin: '1' })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--code-stdin/),
    });
    const stranger = { SIXDIGIT_API_KEY: `sdk_${'x1y2z3w4'.repeat(5)}` };
    const refused = await cli('send +12015550123', { env: stranger });
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/unauthorized[^]*Set SIXDIGIT_API_KEY/),
    });
    expect(refused.stderr).not.toContain(stranger.SIXDIGIT_API_KEY);
  });
});

describe('sixdigit apps, keys, gateway and prices', () => {
  it('make, change, list and disable applications', async () => {
    const { id } = await json<{ id: string }>('apps create shop --brand Acme --allowed-countries ES,PT');
    expect(await json(`apps update ${id} --settings {"policy":{"maxChecks":3}} --name store`)).toMatchObject({
      name: 'store',
      settings: { brand: 'Acme', allowedCountries: ['ES', 'PT'], policy: { maxChecks: 3 } },
    });
    const disabled = await cli(`apps disable ${id}`);
    expect(disabled.stdout).toMatch(/state +disabled/);
    expect(await json(`apps disable ${id} --undo`)).toMatchObject({ settings: { disabled: false } });
    expect((await cli('apps list')).stdout).toMatch(new RegExp(`^${id} +store .* active$`, 'm'));
    expect(await json(`apps show ${id}`)).toMatchObject({ id });
    const fromStdin = await cli(`apps update ${id} --settings-stdin --json`, {
      stdin: '{"policy":{"maxChecks":4}}',
    });
    expect(JSON.parse(fromStdin.stdout)).toMatchObject({ settings: { policy: { maxChecks: 4 } } });
    expect(await cli(`apps update ${id}`)).toMatchObject({ code: 2 });
    expect(await cli(`apps update ${id} --settings []`)).toMatchObject({ code: 2 });
    expect(await cli(`apps update ${id} --settings {"colour":1}`)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/colour/),
    });
    expect(await cli('apps show ../gateways')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/not_found/),
    });
  });

  it('show a key once, list it without, and revoke it', async () => {
    const { id, key } = await json<{ id: string; key: string }>(
      'keys create default --scopes audit:read --name tail',
    );
    const list = await cli('keys list default');
    expect(list.stdout).toMatch(new RegExp(`^${id} +tail +active`, 'm'));
    expect(list.stdout).not.toContain(key);
    expect((await cli('audit export', { env: { SIXDIGIT_API_KEY: key } })).code).toBe(0);
    await json(`keys revoke default ${id}`);
    expect((await cli('keys list default')).stdout).toMatch(new RegExp(`^${id} +tail +revoked`, 'm'));
  });

  it('list and test gateways, and import prices', async () => {
    const listed = await cli('gateway list --json');
    expect(JSON.parse(listed.stdout)).toMatchObject([{ name: 'console' }]);
    expect(listed.stdout).not.toContain('receiptUrl');
    expect(await json('gateway test console +12015550123')).toMatchObject({ outcome: 'accepted' });
    expect(await cli('gateway test nobody +12015550123')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/There are: console/),
    });
    await writeFile(
      join(folder, 'prices.csv'),
      'gateway,country,channel,price,currency\nconsole,ES,sms,0.03,EUR\n',
    );
    expect(await json('prices import prices.csv --replace')).toEqual({ imported: 1 });
    expect(await cli('prices import -', { stdin: 'gateway\nx\n' })).toMatchObject({ code: 1, stdout: '' });
    expect(await cli('prices import none.csv')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ENOENT/),
    });
  });
});

describe('sixdigit audit', () => {
  it('exports everything to a new file that is ours alone, and goes on where it stopped', async () => {
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const file = join(folder, 'events.jsonl');
    const first = await json<{ events: number }>(`audit export --output ${file}`);
    const whole = await readFile(file, 'utf8');
    expect(whole.trimEnd().split('\n')).toHaveLength(first.events);
    const newestFirst = await api<{ id: string }>('audit/events?limit=100');
    expect(
      whole
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { id: string }).id),
    ).toEqual(newestFirst.map(({ id }) => id).reverse());
    expect(first.events).toBeGreaterThan(6);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await cli(`audit export --output ${file}`)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--resume/),
    });
    // Broken off in the middle of a line.
    await truncate(file, Math.floor(whole.length / 2));
    await json(`audit export --output ${file} --resume`);
    expect(await readFile(file, 'utf8')).toBe(whole);
    expect(await json(`audit export --output ${file} --resume`)).toMatchObject({ events: 0 });
    const csv = join(folder, 'events.csv');
    await json(`audit export --format csv --output ${csv}`);
    const rows: Record<string, string>[] = parse(await readFile(csv, 'utf8'), { columns: true });
    expect(rows).toHaveLength(first.events);
    // Numbers begin with a plus: a spreadsheet would reckon with it.
    expect(rows.filter(({ to }) => to !== '').every(({ to }) => to?.startsWith("'+"))).toBe(true);
    expect(rows[0]).not.toHaveProperty('key');
    const events = whole
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; at: string });
    const { at, id } = events[4]!;
    expect((await cli(`audit export --from ${at}`)).stdout).toBe(
      events.flatMap((event) => (event.at >= at ? [`${JSON.stringify(event)}\n`] : [])).join(''),
    );
    expect((await cli(`audit export --after ${id}`)).stdout).toBe(whole.split('\n').slice(5).join('\n'));
  });

  // Catches: a page that is asked for by time, or by the number of the page.
  it('follows the log, and after a restart misses nothing and repeats nothing', async () => {
    const words = ['audit', 'tail', '--json', '--lines', '100', '--interval', '1'];
    const first = await CliProcess.start(words, { folder, env });
    await json('send +12015550131');
    await first.says(/"type":"sent"/);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    first.child.kill('SIGINT');
    const { code, stderr, stdout } = await first.exited;
    expect(code).toBe(0);
    const after = /--after (\S+)/.exec(stderr)?.[1] ?? '';
    const { id } = await json<{ id: string }>('send +12015550132');
    const second = await CliProcess.start([...words, '--after', after], { folder, env });
    await second.says(new RegExp(`"${id}.000002"`));
    second.child.kill('SIGTERM');
    const shown = stdout + (await second.exited).stdout;
    const ids = shown
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    const all = (await cli('audit export')).stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(ids).toEqual(all.slice(0, ids.length));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refuses an event that is not there, at once', async () => {
    const refused = await cli('audit tail --after nothing.000001');
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/afterEvent/) });
  });

  it('ends without a word when the reader has seen enough', async () => {
    const tail = await CliProcess.start(['audit', 'tail', '--json', '--interval', '1'], { folder, env });
    await tail.says('"id"');
    tail.child.stdout?.destroy();
    await json('send +12015550133');
    expect(await tail.exited).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('whoever answers instead of the server', () => {
  it.each([
    ['leads elsewhere', 307, { location: 'http://127.0.0.1:1/' }, '', /leads elsewhere/],
    ['is something else', 200, {}, '<html>', /Is it the address of Sixdigit/],
    ['has a fault', 502, {}, 'Bad gateway', /The server refused \(502\)/],
  ])('%s', async (_, status, headers, body, words) => {
    const seen: string[] = [];
    const other = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(status, headers).end(body);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    expect(await cli(`apps show default --url ${url}`)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(words),
    });
    expect(seen).toEqual(['/v1/applications/default']);
    other.close();
  });

  it('is nobody', async () => {
    expect(await cli(`apps list --url http://127.0.0.1:${await freePort()}`)).toMatchObject({
      code: 69,
      stdout: '',
      stderr: expect.stringMatching(/cannot be reached: ECONNREFUSED\. Is the server running/),
    });
  });
});

describe('sixdigit doctor and cleanup beside the server', () => {
  it('find it in order, over its own database', async () => {
    const { ok, findings } = await json<{ ok: boolean; findings: { area: string; message: string }[] }>(
      'doctor --offline',
    );
    expect(ok).toBe(true);
    const words = findings.map(({ area, message }) => `${area}: ${message}`).join('\n');
    expect(words).toMatch(/keys: they belong to this database/);
    expect(words).toMatch(/clock: agrees with the database's/);
    expect(words).toMatch(/database: MongoDB \d/);
  });

  it('leave the database of the server alone where it is embedded', async () => {
    expect(await cli('cleanup --once')).toMatchObject({ code: 73, stdout: '' });
  });
});
