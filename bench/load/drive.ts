import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CodeFeed } from './code-feed';
import { HttpConnection, type HttpAnswer } from './http-connection';
import { Latencies, type LatencySummary } from './latencies';
import type { Numbers } from './numbers';

/** Whom the load goes to, and what it needs. */
export interface Load {
  /** One for each instance. */
  readonly ports: readonly number[];
  /** Header lines for every request, each ended by CRLF. */
  readonly headers: string;
  readonly feed: CodeFeed;
  readonly numbers: Numbers;
}

export interface LoadResult {
  readonly pairs: number;
  readonly seconds: number;
  /** Count by what went wrong, e.g. `create 429 resend_too_soon`. */
  readonly failures: Readonly<Record<string, number>>;
  readonly create: LatencySummary;
  readonly check: LatencySummary;
  readonly pair: LatencySummary;
}

class PairFailure extends Error {}

/** Round robin over `count` instances, such that every pair of them meets equally often. */
export function instancesFor(pair: number, count: number): { create: number; check: number } {
  return { create: pair % count, check: Math.floor(pair / count) % count };
}

/** One client's connections, one to each instance. */
class Connections {
  private readonly all: readonly HttpConnection[];

  constructor({ ports, headers }: Load) {
    this.all = ports.map((port) => new HttpConnection(port, headers));
  }

  forPair(pair: number): { create: HttpConnection; check: HttpConnection } {
    const { create, check } = instancesFor(pair, this.all.length);
    return { create: this.at(create), check: this.at(check) };
  }

  close(): void {
    for (const connection of this.all) connection.close();
  }

  private at(instance: number): HttpConnection {
    const connection = this.all[instance];
    if (!connection) throw new Error('no such instance');
    return connection;
  }
}

function parse(answer: HttpAnswer, step: string, status: number): { id?: string; valid?: boolean } {
  const body = JSON.parse(answer.body || '{}') as { id?: string; valid?: boolean; code?: string };
  if (answer.status === status) return body;
  throw new PairFailure([step, answer.status, body.code].filter(Boolean).join(' '));
}

/** Of a person somewhere: what limits count by address is charged as well. */
function anAddress(): string {
  return `${randomInt(80, 90)}.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

/** Runs pairs and keeps what they tell. */
class Recorder {
  private readonly create = new Latencies();
  private readonly check = new Latencies();
  private readonly pair = new Latencies();
  private readonly failures: Record<string, number> = {};
  private started = 0;
  pairs = 0;

  constructor(private readonly load: Load) {}

  /** @param intended when this pair was meant to start; waiting for a connection counts as latency */
  async run(connections: Connections, intended: number): Promise<void> {
    try {
      await this.createAndCheck(connections, intended);
      this.pairs += 1;
    } catch (error) {
      const name = error instanceof Error ? error.message : String(error);
      this.failures[name] = (this.failures[name] ?? 0) + 1;
    }
  }

  result(seconds: number): LoadResult {
    const { pairs, failures } = this;
    const [create, check, pair] = [this.create.summary(), this.check.summary(), this.pair.summary()];
    return { pairs, seconds, failures, create, check, pair };
  }

  private async createAndCheck(connections: Connections, intended: number): Promise<void> {
    const { create, check } = connections.forPair(this.started++);
    const to = this.load.numbers.next();
    const coming = this.load.feed.codeFor(to);
    // A create that fails leaves its waiting behind; it must not become an unhandled rejection.
    coming.catch(() => undefined);
    const { id } = parse(
      await create.post('/v1/verifications', { to, clientIp: anAddress() }),
      'create',
      201,
    );
    this.create.add(performance.now() - intended);
    const code = await coming;
    const read = performance.now();
    const { valid } = parse(await check.post(`/v1/verifications/${id}/checks`, { code }), 'check', 200);
    if (valid !== true) throw new PairFailure('check answered not valid');
    const done = performance.now();
    this.check.add(done - read);
    this.pair.add(done - intended);
  }
}

export interface ClosedLoop {
  readonly clients: number;
  /** Ends after so many seconds, or so many pairs, whichever is given. */
  readonly seconds?: number;
  readonly pairs?: number;
}

/** Each client starts its next pair when the last one ended. */
export async function closedLoop(load: Load, { clients, seconds, pairs }: ClosedLoop): Promise<LoadResult> {
  const recorder = new Recorder(load);
  const start = performance.now();
  const end = start + (seconds ?? Infinity) * 1000;
  let started = 0;
  const client = async (): Promise<void> => {
    const connections = new Connections(load);
    while (performance.now() < end && started < (pairs ?? Infinity)) {
      started += 1;
      await recorder.run(connections, performance.now());
    }
    connections.close();
  };
  await Promise.all(Array.from({ length: clients }, client));
  return recorder.result((performance.now() - start) / 1000);
}

const MAX_CONNECTIONS = 512;

/** Pairs start when the schedule says so, whatever became of the earlier ones. */
export async function openLoop(load: Load, schedule: readonly number[]): Promise<LoadResult> {
  const recorder = new Recorder(load);
  const idle: Connections[] = [];
  const queue: ((connections: Connections) => void)[] = [];
  let opened = 0;

  const acquire = (): Promise<Connections> => {
    const free = idle.pop();
    if (free) return Promise.resolve(free);
    if (opened >= MAX_CONNECTIONS) return new Promise((resolve) => queue.push(resolve));
    opened += 1;
    return Promise.resolve(new Connections(load));
  };
  const release = (connections: Connections): void => {
    const next = queue.shift();
    if (next) next(connections);
    else idle.push(connections);
  };
  const pair = async (intended: number): Promise<void> => {
    const connections = await acquire();
    await recorder.run(connections, intended);
    release(connections);
  };

  const start = performance.now();
  const running: Promise<void>[] = [];
  for (const at of schedule) {
    const wait = start + at - performance.now();
    if (wait > 0) await sleep(wait);
    running.push(pair(start + at));
  }
  await Promise.all(running);
  for (const connections of idle) connections.close();
  return recorder.result((performance.now() - start) / 1000);
}
