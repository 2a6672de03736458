import type { Client } from './client.service';

interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

const PER_PAGE = 100;

/** Everything that a list of the API has, page after page. */
export async function everything<T>(client: Client, path: string): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<T> = await client.patient(path, { query: { limit: PER_PAGE, cursor } });
    found.push(...page.data);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
