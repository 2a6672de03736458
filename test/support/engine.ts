import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mongoose';
import { scopes } from '../../src/access/principal';
import { AppProcess } from './app-process';
import { GatewaySink } from './gateway-sink';
import { type TestMongo, useDatabase } from './mongo';

/** An answer with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `{}` when there was no body. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface CallOptions {
  /** Which of the processes is asked, by index. Default: the first. */
  readonly on?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A verification whose text has arrived. */
export interface Started {
  readonly id: string;
  readonly to: string;
  readonly code: string;
}

export interface EngineOptions {
  /** App processes on one database, with the same keys. Default: 2. */
  readonly processes?: number;
  /** Further settings of every process. */
  readonly env?: Readonly<Record<string, string>>;
}

interface Parts {
  readonly apps: AppProcess[];
  readonly sink: GatewaySink;
  readonly folder: string;
}

/**
 * For tests that change a slot in the database by hand: every writer adds one to the version, or the processes that
 * remember the slot would take what they remember for what is there.
 */
export const asAnotherWriter = { $inc: { v: 1 } } as const;

/** Numbers of Spanish mobiles, none twice in a file: each test starts from a recipient without history. */
let nextNumber = 610_000_000;
export const newNumber = (): string => `+34${nextNumber++}`;

/** For a file that shares its processes with others: from here on it has these numbers for itself. */
export function takeNumbersFrom(first: number): void {
  nextNumber = first;
}

/**
 * The built app as several processes on one database, with a gateway that remembers what it was given. Call
 * it once at the top of a test file; processes, gateway and database go after the last test.
 */
export function useEngine(options: EngineOptions = {}): Engine {
  const engine = new Engine(useDatabase(), options);
  beforeAll(() => engine.start(), 60_000);
  afterAll(() => engine.stop(), 60_000);
  return engine;
}

/** What every process of an installation has besides its database, keys and gateway. */
export const commonEnv = (): Record<string, string> => ({
  SMS_ROUTES: '*:http',
  THROTTLE_PER_SECOND: '0',
  LOG_LEVEL: 'warn',
  ADMIN_KEY: ADMIN_KEY,
  BOOTSTRAP_API_KEY: BOOTSTRAP_KEY,
});

/** Processes on one database, as operators and backends see them. */
export abstract class Installation {
  abstract readonly apps: readonly { readonly url: string }[];
  abstract readonly sink: GatewaySink;
  abstract readonly db: NonNullable<Connection['db']>;
  abstract readonly adminKey: string;

  /** A call with any key, or with none. */
  async call(
    route: string,
    key: string | null,
    body?: unknown,
    { on = 0, headers = {} }: CallOptions = {},
  ): Promise<Answer> {
    const [method = 'GET', path = '/'] = route.split(' ');
    const authorization: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
    const response = await fetch(this.app(on).url + path, {
      method,
      headers: {
        ...authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return toAnswer(response);
  }

  /** A call of the operator. */
  admin(route: string, body?: unknown, options?: CallOptions): Promise<Answer> {
    return this.call(route, this.adminKey, body, options);
  }

  /** An application of its own with a key for everything. */
  async tenant(settings: object = {}): Promise<Tenant> {
    const application = await this.admin('POST /v1/applications', { name: 'Shop', settings });
    if (application.status !== 201) throw new Error(`no application: ${application.text}`);
    const id = String(application.body['id']);
    const key = await this.admin(`POST /v1/applications/${id}/keys`, { scopes });
    return new Tenant(this, id, String(key.body['key']));
  }

  private app(index: number): { readonly url: string } {
    const app = this.apps[index];
    if (!app) throw new Error(`no app process ${index}`);
    return app;
  }
}

export class Engine extends Installation {
  readonly adminKey = ADMIN_KEY;
  private parts: Parts | null = null;

  constructor(
    readonly mongo: Omit<TestMongo, 'durableDb'>,
    private readonly options: EngineOptions,
  ) {
    super();
  }

  get apps(): readonly AppProcess[] {
    return this.running.apps;
  }

  get sink(): GatewaySink {
    return this.running.sink;
  }

  get db(): NonNullable<Connection['db']> {
    const { db } = this.mongo.connection;
    if (!db) throw new Error('The test database is there inside tests and hooks only');
    return db;
  }

  /** The ring all processes share: `SECRETS_FILE`. */
  get secretsFile(): string {
    return join(this.running.folder, 'secrets.json');
  }

  async start(): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'sixdigit-engine-'));
    const sink = await GatewaySink.start();
    this.parts = { apps: [], sink, folder };
    await writeFile(this.secretsFile, renderRing([{ kid: 'first', key: newKey() }]), { mode: 0o600 });
    // Together: a start is mostly waiting.
    await Promise.all(Array.from({ length: this.options.processes ?? 2 }, () => this.add()));
  }

  /** One more process on the same database and keys, the last of `apps`. It is stopped with the others. */
  async add(env: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
    const app = await AppProcess.start({
      env: {
        ...commonEnv(),
        MONGODB_URI: this.mongo.uri,
        SECRETS_FILE: this.secretsFile,
        SMS_HTTP_URL: this.sink.url,
        ...this.options.env,
        ...env,
      },
    });
    this.running.apps.push(app);
    return app;
  }

  async stop(): Promise<void> {
    if (!this.parts) return;
    const { apps, sink, folder } = this.parts;
    this.parts = null;
    await Promise.all(apps.map((app) => app.stop()));
    await sink.close();
    await rm(folder, { recursive: true, force: true });
  }

  private get running(): Parts {
    if (!this.parts) throw new Error('The engine is there inside tests and hooks only');
    return this.parts;
  }
}

/** One application as its own backend sees the API. */
export class Tenant {
  constructor(
    private readonly engine: Installation,
    readonly id: string,
    readonly key: string,
  ) {}

  call(route: string, body?: unknown, options?: CallOptions): Promise<Answer> {
    return this.engine.call(route, this.key, body, options);
  }

  create(body: object, options?: CallOptions): Promise<Answer> {
    return this.call('POST /v1/verifications', body, options);
  }

  check(
    id: string,
    code: string,
    options?: CallOptions & {
      readonly transaction?: object;
      readonly digest?: string;
      readonly deviceId?: string;
    },
  ): Promise<Answer> {
    const { transaction, digest, deviceId } = options ?? {};
    const body = { code, transaction, digest, deviceId };
    return this.call(`POST /v1/verifications/${id}/checks`, body, options);
  }

  read(id: string, options?: CallOptions): Promise<Answer> {
    return this.call(`GET /v1/verifications/${id}`, undefined, options);
  }

  lookup(to: string, purpose?: string, options?: CallOptions): Promise<Answer> {
    return this.call('POST /v1/recipients/lookup', { to, ...(purpose && { purpose }) }, options);
  }

  /** Creates a verification and takes the code from the text. */
  async start(body: Readonly<Record<string, unknown>> = {}, options?: CallOptions): Promise<Started> {
    const to = typeof body['to'] === 'string' ? body['to'] : newNumber();
    const texts = this.engine.sink.sentTo(to).length;
    const answer = await this.create({ ...body, to }, options);
    if (answer.status !== 201) throw new Error(`no verification: ${answer.status} ${answer.text}`);
    const code = await this.engine.sink.waitForCode(to, texts + 1);
    return { id: String(answer.body['id']), to, code };
  }
}

/** A guess of the same form that is certainly wrong; `n` gives different ones. */
export function wrongCode(code: string, n = 1): string {
  const size = 10 ** code.length;
  return String((Number(code) + 1 + ((n - 1) % (size - 1))) % size).padStart(code.length, '0');
}

/** How often each value occurs. */
export function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** Status and, for errors, code: what an answer says in one word. */
export const wordFor = ({ status, body }: Answer): string =>
  status < 400 ? String(status) : `${status} ${String(body['code'])}`;

/** Asks until it is so; fails after `limitMs`. */
export async function until<T>(ask: () => Promise<T | null | false>, limitMs = 10_000): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`it did not become so within ${limitMs} ms`);
    await sleep(20);
  }
}

export interface RingKey {
  readonly kid: string;
  readonly key: string;
  readonly signFrom?: string;
}

export const newKey = (): string => randomBytes(32).toString('base64');

/** The text of a secrets file with this ring; the index key stays the same over a run. */
export const renderRing = (ring: readonly RingKey[]): string => JSON.stringify({ index: INDEX_KEY, ring });

export async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  const body = isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, text, body };
}

const INDEX_KEY = newKey();
export const ADMIN_KEY = randomBytes(32).toString('hex');
const BOOTSTRAP_KEY = randomBytes(32).toString('hex');
