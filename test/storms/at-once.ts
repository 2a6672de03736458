import { Pool } from 'undici';
import type { Engine, Tenant } from '../support/engine';

/** An answer, as far as storms look at it. */
export interface StormAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface StormCall {
  readonly path: string;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * To each process, new ones for each storm. What is sent beyond that stands in line here, right behind. With many more,
 * this side takes so long to open them that the server hangs up on those that have said nothing yet.
 */
const CONNECTIONS = 250;
const LIMIT_MS = 60_000;

/** Many calls of an application at the same moment, dealt out to all processes of an installation. */
export async function atOnce(
  engine: Engine,
  tenant: Tenant,
  calls: readonly StormCall[],
): Promise<StormAnswer[]> {
  const pools = engine.apps.map(({ url }) => new Pool(url, { connections: CONNECTIONS }));
  try {
    return await Promise.all(calls.map((call, n) => post(pools[n % pools.length]!, tenant.key, call)));
  } finally {
    await Promise.all(pools.map((pool) => pool.destroy()));
  }
}

async function post(pool: Pool, key: string, { path, body, headers }: StormCall): Promise<StormAnswer> {
  const answer = await pool.request({
    method: 'POST',
    path,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    headersTimeout: LIMIT_MS,
  });
  const read = (await answer.body.json()) as StormAnswer['body'];
  return { status: answer.statusCode, headers: answer.headers, body: read };
}
