import { wideLimits } from '../builders/limits';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { mongo } from 'mongoose';
import { freePort } from '../../src/database/mongod/mongod-process';
import { openDurableClient } from '../../src/database/durable-connection';
import { renderSecrets } from '../../src/keys/secrets';
import { AppProcess } from '../support/app-process';
import { GatewaySink } from '../support/gateway-sink';

/** What a text costs in the world of these tests. */
export const PRICE_MICROS = 100;

/** One run of an instance. Its name is the sender of its texts, so that each text tells who sent it. */
export interface Incarnation {
  readonly name: string;
  readonly app: AppProcess;
  /** `Date.now()` of its SIGKILL. */
  killedAt: number | null;
}

/** Several instances of one installation: the same database, keys and gateway; and a look behind the scenes. */
export class FaultWorld {
  readonly apiKey = randomBytes(32).toString('hex');
  readonly adminKey = randomBytes(32).toString('hex');
  readonly incarnations: Incarnation[] = [];
  private readonly ports = new Map<string, string>();

  private constructor(
    readonly sink: GatewaySink,
    private readonly folder: string,
    private readonly client: mongo.MongoClient,
  ) {}

  /** @param uri how the test itself reaches the database, never through a fault */
  static async open(uri: string): Promise<FaultWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'sixdigit-faults-'));
    const secrets = renderSecrets(randomBytes(32), 'first', randomBytes(32));
    await writeFile(join(folder, 'secrets.json'), secrets, { mode: 0o600 });
    return new FaultWorld(await GatewaySink.start(), folder, await openDurableClient(uri));
  }

  get db(): mongo.Db {
    return this.client.db();
  }

  /** The address of an instance, the same over all its runs. */
  async urlOf(instance: string): Promise<string> {
    const port = this.ports.get(instance) ?? String(await freePort());
    this.ports.set(instance, port);
    return `http://127.0.0.1:${port}`;
  }

  /** Starts an instance, again if it ran before. @param mongoUri may lead through a proxy */
  async start(instance: string, mongoUri: string): Promise<Incarnation> {
    await this.urlOf(instance);
    const name = `${instance}${this.incarnations.length}`;
    const app = await AppProcess.start({
      env: {
        PORT: this.ports.get(instance),
        MONGODB_URI: mongoUri,
        SECRETS_FILE: join(this.folder, 'secrets.json'),
        ADMIN_KEY: this.adminKey,
        BOOTSTRAP_API_KEY: this.apiKey,
        SMS_ROUTES: '*:http',
        SMS_HTTP_URL: this.sink.url,
        SMS_HTTP_FROM: name,
        THROTTLE_PER_SECOND: '0',
        LOG_LEVEL: 'warn',
      },
    });
    const incarnation = { name, app, killedAt: null };
    this.incarnations.push(incarnation);
    return incarnation;
  }

  /** SIGKILL: no warning, nothing is tidied up. */
  async kill(incarnation: Incarnation): Promise<void> {
    incarnation.killedAt = Date.now();
    await incarnation.app.kill();
  }

  /** Many sends to one number in no time, as only a test needs it. Each is paid from a budget that is never used up. */
  allowManySends(app: AppProcess): Promise<void> {
    const money = (amountMicros: number) => ({ amountMicros, currency: 'EUR' });
    return this.set(app, {
      policy: { cooldownSeconds: 0, sends: { max: 100 } },
      limits: wideLimits,
      budgets: [{ period: 'month', limit: money(1_000_000_000) }],
      assumedPrice: money(PRICE_MICROS),
    });
  }

  /** Many sends to numbers side by side; all limits are still charged. */
  widenLimits(app: AppProcess): Promise<void> {
    return this.set(app, { limits: wideLimits });
  }

  private async set(app: AppProcess, settings: object): Promise<void> {
    const response = await fetch(`${app.url}/v1/applications/default`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${this.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ settings }),
    });
    if (!response.ok) throw new Error(`settings were refused: ${response.status} ${await response.text()}`);
  }

  /** Stops what still runs; the texts that they logged at level error are the answer. */
  async close(): Promise<void> {
    await Promise.all(this.incarnations.map(({ app }) => app.kill()));
    await this.sink.close();
    await this.client.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
