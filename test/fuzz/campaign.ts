import type { OpenAPIObject } from '@nestjs/swagger';
import { Pool as Connections } from 'undici';
import { SeededRandom } from '../faults/seeded-random';
import { faultsIn } from '../faults/log-faults';
import type { Engine } from '../support/engine';
import { OpenApiMatcher } from '../support/openapi-match';
import { type FuzzAnswer, faultOf } from './judge';
import { Pool } from './pool';
import { type FuzzRequest, type Generate, type Keys, Requests } from './requests';

export interface FuzzCampaign {
  readonly requests: number;
  readonly seed: number;
  readonly clients: number;
  readonly generate: Generate;
  readonly log?: (line: string) => void;
}

export interface FuzzReport {
  readonly sent: number;
  /** By call: how many answers had a status of 200, 300, 400 or 500 and more. */
  readonly answers: Readonly<Record<string, readonly number[]>>;
  /** Every answer by its status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Faults of the server; the first ones, as it may be one of a million. */
  readonly faults: readonly string[];
}

const TOLD_FAULTS = 20;
const LIMIT_MS = 30_000;

/** Calls a process with whatever the document, and those who cannot read, would send; and looks at each answer. */
export async function runFuzz(engine: Engine, campaign: FuzzCampaign): Promise<FuzzReport> {
  const tenant = await engine.tenant({ policy: { cooldownSeconds: 0, sends: { max: 20 } } });
  const { body } = await engine.call('GET /openapi.json', null);
  const keys = { operator: engine.adminKey, application: tenant.key };
  const fuzz = new Fuzz(engine, body as unknown as OpenAPIObject, keys, campaign);
  fuzz.pool.remember('own', tenant.id);
  await fuzz.run();
  const [app] = engine.apps;
  const said = [...faultsIn(app!.stdout), ...(app!.stderr === '' ? [] : [app!.stderr.slice(0, 2_000)])];
  return { ...fuzz.report(), faults: [...fuzz.faults, ...said.slice(0, TOLD_FAULTS)] };
}

class Fuzz {
  readonly pool: Pool;
  readonly faults: string[] = [];
  private readonly matcher: OpenApiMatcher;
  private readonly requests: Requests;
  private readonly answers: Record<string, number[]> = {};
  private readonly statuses: Record<number, number> = {};
  private sent = 0;

  constructor(
    private readonly engine: Engine,
    document: OpenAPIObject,
    private readonly keys: Keys,
    private readonly campaign: FuzzCampaign,
  ) {
    const random = new SeededRandom(campaign.seed);
    this.pool = new Pool(random);
    this.matcher = new OpenApiMatcher(document);
    this.requests = new Requests(document, random, { pool: this.pool, keys, generate: campaign.generate });
  }

  async run(): Promise<void> {
    const { clients } = this.campaign;
    const connections = new Connections(this.engine.apps[0]!.url, { connections: clients });
    try {
      await Promise.all(Array.from({ length: clients }, () => this.client(connections)));
    } finally {
      await connections.destroy();
    }
  }

  report(): Omit<FuzzReport, 'faults'> {
    const { sent, answers, statuses } = this;
    return { sent, answers, statuses };
  }

  private async client(connections: Connections): Promise<void> {
    while (this.sent < this.campaign.requests && this.faults.length < TOLD_FAULTS) {
      this.sent++;
      if (this.sent % 50_000 === 0) this.campaign.log?.(`${this.sent} of ${this.campaign.requests}`);
      this.pool.read(this.engine.sink.messages);
      await this.one(connections, this.requests.next());
    }
  }

  private async one(connections: Connections, request: FuzzRequest): Promise<void> {
    const { operation } = request;
    const call = operation ? `${operation.method} ${operation.template}` : 'what nothing describes';
    try {
      const answer = await send(connections, request);
      this.count(call, answer.status);
      const fault = faultOf(this.matcher, request, answer, [this.keys.operator, this.keys.application]);
      if (fault !== null) this.tell(request, fault);
      else if (answer.status < 300 && answer.text.startsWith('{'))
        this.pool.learn(call, JSON.parse(answer.text) as Readonly<Record<string, unknown>>);
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      this.tell(request, `no answer: ${code ?? message}`);
    }
  }

  private count(call: string, status: number): void {
    const counts = (this.answers[call] ??= [0, 0, 0, 0]);
    counts[Math.min(3, Math.max(0, Math.floor(status / 100) - 2))]!++;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
  }

  /** Keys stay out of the report. */
  private tell(
    { method, path, headers: { authorization: _, ...headers }, body }: FuzzRequest,
    fault: string,
  ): void {
    const sent = { headers, body: body?.toString().slice(0, 2_000) };
    this.faults.push(`${method} ${path.slice(0, 500)} ${JSON.stringify(sent)}\n  → ${fault}`);
  }
}

async function send(connections: Connections, request: FuzzRequest): Promise<FuzzAnswer> {
  const { statusCode, headers, body } = await connections.request({
    method: request.method,
    path: request.path,
    headers: request.headers,
    ...(request.body === undefined ? {} : { body: request.body }),
    headersTimeout: LIMIT_MS,
    bodyTimeout: LIMIT_MS,
  });
  return {
    status: statusCode,
    headers: headers as FuzzAnswer['headers'],
    text: await body.text(),
  };
}
