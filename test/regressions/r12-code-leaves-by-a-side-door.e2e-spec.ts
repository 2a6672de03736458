/**
 * R12. The code leaves through an answer, a log line, an event or an error report. Seen in Zitadel (CVE-2026-105211),
 * Parse Server (CVE-2026-53725), better-auth (commit 846eedbf82), Authora 1.7.7 and otpgateway: whoever read the log, or
 * called the API, had the code.
 *
 * Catches: a code in an answer, a log line or an error; the URL of a request in the log; a clear code or number in a
 * document, a filter or an update. Runs on an installation of its own, whose every log line and command is read.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppProcess } from '../support/app-process';
import {
  type Answer,
  type CallOptions,
  newNumber,
  type Started,
  type Tenant,
  until,
  useEngine,
  wordFor,
  wrongCode,
} from '../support/engine';
import { dump, LeakFinder } from '../support/leaks';
import { TcpProxy } from '../support/tcp-proxy';

const engine = useEngine({ processes: 1, env: { LOG_LEVEL: 'trace', SMS_ROUTES: '*:http;US:console' } });
const payment = { amount: '1234.56', currency: 'EUR', payee: 'Canary Payee' };
const person = {
  clientIp: '203.0.113.77',
  metadata: { order: 'canary-metadata' },
  transaction: payment,
};

let proxy: TcpProxy;
let tenant: Tenant;
/** What every call said, by application. */
const said: { key: string; answer: Answer }[] = [];

beforeAll(async () => {
  const { port } = new URL(engine.mongo.uri.replace('mongodb:', 'http:'));
  proxy = await TcpProxy.start(Number(port));
  await engine.add({ MONGODB_URI: proxy.mongoUri(engine.mongo.name) });
  // Every command that mongod gets is written down too, as its slow query log would.
  await engine.db.command({ profile: 2 });
  const policy = { codeLength: 8, cooldownSeconds: 0, maxChecks: 10, sends: { max: 50 } };
  tenant = await engine.tenant({ policy, brand: 'Shop' });
});
afterAll(() => proxy.close());

async function say(
  route: string,
  body?: unknown,
  options: CallOptions & { key?: string | null } = {},
): Promise<Answer> {
  const { key = tenant.key, ...rest } = options;
  const answer = await engine.call(route, key, body, rest);
  said.push({ key: key ?? '', answer });
  return answer;
}

const national = (to: string): string => to.slice(3);

/** Takes the numbers and codes through everything that can be done and go wrong. */
async function wholeFlow(): Promise<Started> {
  const to = newNumber();
  const created = await say('POST /v1/verifications', { to, ...person });
  const id = String(created.body['id']);
  const code = await engine.sink.waitForCode(to);
  const started = { id, to, code };
  await say('POST /v1/verifications', { to: national(to), country: 'es', ...person });
  await say(`GET /v1/verifications/${id}`);
  await say(`POST /v1/recipients/lookup`, { to });
  await say(`POST /v1/phone-numbers/validate`, { number: to });
  await keysOfClients(started);
  await badInput(started);
  await failingGateway(started);
  await failingDatabase(started);
  return started;
}

/** Clients that put numbers and codes where keys belong. */
async function keysOfClients({ id, to, code }: Started): Promise<void> {
  const headers = { 'idempotency-key': `${to}-${code}` };
  await say('POST /v1/verifications', { to, ...person }, { headers });
  await say('POST /v1/verifications', { to, ...person }, { headers });
  await say('POST /v1/verifications', { to, purpose: 'login' }, { headers });
  await say(
    `POST /v1/verifications/${id}/checks`,
    { code: wrongCode(code), transaction: payment },
    { headers },
  );
  await say(`POST /v1/verifications/${id}/checks`, { code, transaction: payment }, { headers });
  await say(`POST /v1/verifications/${id}/checks`, { code });
  for (const key of [code, to, `sdk_${code}${to}`]) {
    await say(`POST /v1/verifications/${id}/checks`, { code }, { key });
    await say(`GET /v1/verifications?to=${encodeURIComponent(to)}`, undefined, { key });
  }
}

async function badInput({ id, to, code }: Started): Promise<void> {
  const bodies = [
    { to: `${to}${code}` },
    { to: [to], code },
    { to, purpose: code, locale: to },
    { to, metadata: { plan: { code, to } } },
    { to, transaction: { amount: code, currency: to } },
    { to: { $ne: to }, country: code },
  ];
  for (const body of bodies) await say('POST /v1/verifications', body);
  for (const guess of [
    { code: `${code}!` },
    { code: [code] },
    { code: Number(code) },
    { code: `${to}${code}` },
  ]) {
    await say(`POST /v1/verifications/${id}/checks`, guess);
  }
  for (const path of [
    `/v1/verifications/${to}`,
    `/v1/verifications/${code}`,
    `/nowhere/${to}?code=${code}`,
  ]) {
    await say(`GET ${path}`);
    await say(`POST ${path}`, { code, to });
  }
  for (const query of [
    `to=${encodeURIComponent(to)}`,
    `to=${to}${code}`,
    `limit=${code}`,
    `cursor=${code}`,
    `status=${to}`,
  ]) {
    for (const path of ['/v1/verifications', '/v1/audit/events', '/v1/sandbox/messages'])
      await say(`GET ${path}?${query}`);
  }
  await raw('application/json', `{"to":"${to}","code":"${code}"`);
  await raw('text/plain', `${to} ${code}`);
  await raw('application/json', JSON.stringify({ to, code: code.repeat(3_000) }));
}

async function raw(type: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${tenant.key}`, 'content-type': type };
  const response = await fetch(`${engine.apps[0]!.url}/v1/verifications`, { method: 'POST', headers, body });
  const answer = {
    status: response.status,
    headers: response.headers,
    text: await response.text(),
    body: {},
  };
  expect(answer.status).toBeGreaterThanOrEqual(400);
  said.push({ key: tenant.key, answer });
}

/** Gateways that answer with what they were sent. */
async function failingGateway({ id, to, code }: Started): Promise<void> {
  const echo = {
    error: `cannot send "${code} is your code" to ${to}`,
    message: code,
    id: code,
    code: Number(code),
  };
  const wait = { headers: { prefer: 'wait=5' } };
  for (const status of [400, 401, 402, 429, 500]) {
    engine.sink.mode = { kind: 'status', status, body: echo };
    await say(`POST /v1/verifications/${id}/sends`, {});
    await say('POST /v1/verifications', { to: newNumber(), purpose: 'login' }, wait);
  }
  for (const kind of ['reset-before-read', 'reset-after-read'] as const) {
    engine.sink.mode = { kind };
    await say(`POST /v1/verifications/${id}/sends`, {});
  }
  await until(async () => {
    const { body } = await tenant.read(id);
    return (body['deliveries'] as { state: string }[]).every(({ state }) => state !== 'sending');
  });
  engine.sink.mode = { kind: 'accept' };
}

/** mongod gone for one process, and a mongod that refuses every write and quotes what it was given. */
async function failingDatabase({ id, to, code }: Started): Promise<void> {
  const calls = (on: number): Promise<Answer>[] => [
    say('POST /v1/verifications', { to, ...person }, { on }),
    say(`POST /v1/verifications/${id}/checks`, { code: wrongCode(code), transaction: payment }, { on }),
    say(`POST /v1/verifications/${id}/sends`, {}, { on }),
    say(`GET /v1/verifications/${id}`, undefined, { on }),
    say(`GET /v1/verifications?to=${encodeURIComponent(to)}`, undefined, { on }),
    say(
      'POST /v1/verifications',
      { to: newNumber(), ...person },
      { on, headers: { 'idempotency-key': `${to}${code}` } },
    ),
  ];
  await say(`GET /v1/verifications/${id}`, undefined, { on: 1 });
  proxy.cut();
  const cut = await Promise.all(calls(1));
  expect(new Set(cut.map(({ status }) => status))).toEqual(new Set([503]));
  proxy.heal();
  const refuse = (collMod: string, validator: object): Promise<unknown> =>
    engine.db.command({ collMod, validator });
  for (const name of ['slots', 'audit_events', 'verifications'])
    await refuse(name, { never: { $exists: true } });
  const refused = await Promise.all(calls(0));
  expect(refused.some(({ status }) => status >= 500)).toBe(true);
  await sleep(600);
  for (const name of ['slots', 'audit_events', 'verifications']) await refuse(name, {});
}

const output = (app: AppProcess): string => app.stdout + app.stderr;

function finderFor({ to, code }: Started): { code: LeakFinder; all: LeakFinder } {
  const all = new LeakFinder().digits('the code', code).phone(to, national(to));
  for (const value of [person.clientIp, person.metadata.order, payment.payee, payment.amount])
    all.text(value, value);
  return { code: new LeakFinder().digits('the code', code), all };
}

/** What of these stands in the database, by collection. */
async function leaksInDatabase(finder: LeakFinder): Promise<string[]> {
  const leaks: string[] = [];
  for (const [name, documents] of await dump(engine.db)) {
    for (const document of documents) leaks.push(...finder.in(document).map((form) => `${name}: ${form}`));
  }
  return [...new Set(leaks)];
}

describe('a code and a number, taken through everything that can go wrong, with every detail logged', () => {
  let started: Started;
  beforeAll(async () => {
    started = await wholeFlow();
    const right = await say(`POST /v1/verifications/${started.id}/checks`, {
      code: started.code,
      transaction: payment,
    });
    expect([wordFor(right), right.body['valid']]).toEqual(['200', true]);
    await until(async () => {
      const { body } = await tenant.call(`GET /v1/audit/events?verificationId=${started.id}&type=approved`);
      return (body['data'] as object[]).length === 1;
    });
    // The log is written in pieces.
    await sleep(400);
  }, 60_000);

  // Catches: an answer or a log line with the code in it, and the URL of a request in the log.
  it('the code is in the call to the gateway and in no answer, header or log line', () => {
    const { code } = finderFor(started);
    expect(code.in(JSON.stringify(engine.sink.sentTo(started.to)))).toEqual(['the code']);
    for (const { answer } of said) {
      expect([answer.status, code.in(answer.text)]).toEqual([answer.status, []]);
      expect(code.in(JSON.stringify([...answer.headers]))).toEqual([]);
    }
    for (const app of engine.apps) expect(code.in(output(app))).toEqual([]);
  });

  it('the number and what belongs to the person are in answers to their own application only, never in a header or log line', async () => {
    const { all } = finderFor(started);
    const own = said.filter(({ key }) => key === tenant.key);
    expect(own.some(({ answer }) => all.in(answer.text).includes('the number'))).toBe(true);
    for (const { key, answer } of said) {
      expect(all.in(JSON.stringify([...answer.headers]))).toEqual([]);
      if (key !== tenant.key) expect([answer.text, all.in(answer.text)]).toEqual([answer.text, []]);
    }
    for (const app of engine.apps) {
      expect(all.in(output(app))).toEqual([]);
      expect(output(app)).toContain('"level":"');
      expect(output(app)).not.toContain(tenant.key);
    }
  });

  // Catches: a clear code or number in the slot, an event, an idempotency record, or in a filter or update.
  it('neither is anywhere in the database, nor in any command that mongod was given', async () => {
    const { all } = finderFor(started);
    all.text('the API key', tenant.key);
    const names = [...(await dump(engine.db)).keys()];
    for (const name of ['slots', 'audit_events', 'idempotency_records', 'system.profile', 'verifications']) {
      expect(names).toContain(name);
    }
    expect(await leaksInDatabase(all)).toEqual([]);
    const events = await tenant.call(`GET /v1/audit/events?verificationId=${started.id}&limit=100`);
    expect(all.in(events.text)).toEqual([]);
  });

  it('neither is in the arguments or the environment of a process', async () => {
    const { all } = finderFor(started);
    for (const { pid } of engine.apps) {
      for (const file of ['cmdline', 'environ'])
        expect(all.in(await readFile(`/proc/${pid}/${file}`))).toEqual([]);
    }
  });

  // Would be silent if the search could not find anything.
  it('are found by this search where they are', () => {
    const { all } = finderFor(started);
    const number = Buffer.alloc(8);
    number.writeDoubleLE(Number(started.code));
    expect(all.in(number)).toEqual(['the code as a double']);
    expect(all.in(`x${started.to}y`)).toEqual(['the number', 'the national number']);
    expect(all.in(payment.payee)).toEqual([payment.payee]);
  });
});

describe('with the sandbox routed', () => {
  it('the text is read over the API by its own application, and sealed in the database', async () => {
    const other = await engine.tenant();
    const to = '+12025550143';
    const { body } = await say(
      'POST /v1/verifications',
      { to, ...person },
      { headers: { prefer: 'wait=5' } },
    );
    const path = `GET /v1/sandbox/messages?to=${encodeURIComponent(to)}`;
    const inbox = await tenant.call(path);
    const [message] = inbox.body['data'] as { code: string; to: string; text: string }[];
    expect(message).toMatchObject({ to, text: expect.stringContaining(message!.code) as string });
    expect((await other.call(path)).body['data']).toEqual([]);
    const { all, code } = finderFor({ id: String(body['id']), to, code: message!.code });
    expect((await dump(engine.db)).get('sandbox_messages')).toHaveLength(1);
    expect(await leaksInDatabase(all.text('the text', message!.text))).toEqual([]);
    await sleep(400);
    for (const app of engine.apps) expect(all.in(output(app))).toEqual([]);
    for (const { answer } of said) expect(code.in(answer.text)).toEqual([]);
    expect(
      (await tenant.check(String(body['id']), message!.code, { transaction: payment })).body['valid'],
    ).toBe(true);
  });
});
