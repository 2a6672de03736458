import type { Client } from '../client/client.service';
import type { AuditFilter } from './audit';
import type { AuditEvent, AuditPage } from './audit-words';

const PATH = '/v1/audit/events';
const PER_PAGE = 100;

export interface Range {
  /** From, inclusive. */
  readonly from?: string;
  /** To, exclusive. */
  readonly to?: string;
  /** The event to go on after. */
  readonly after?: string;
}

/** Events as they came, page by page, up to the newest that can be seen; the first page tells by `afterEvent`. */
export async function* inOrder(
  client: Client,
  filter: AuditFilter,
  range: Range,
  signal?: AbortSignal,
): AsyncGenerator<readonly AuditEvent[]> {
  let cursor: string | undefined;
  do {
    const place = cursor === undefined ? { afterEvent: range.after } : { cursor };
    const times = { after: range.from, before: range.to };
    const query = { ...filterOf(filter), ...times, order: 'oldest', limit: PER_PAGE, ...place };
    const page: AuditPage = await client.patient(PATH, { query, signal });
    yield page.data;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** The last events, the oldest of them first. */
export async function lastEvents(client: Client, filter: AuditFilter, limit: number): Promise<AuditEvent[]> {
  const page = await client.call<AuditPage>('GET', PATH, { query: { ...filterOf(filter), limit } });
  return [...page.data].reverse();
}

function filterOf({ type, verification }: AuditFilter): Record<string, string | undefined> {
  return { type, verificationId: verification };
}
