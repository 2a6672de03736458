import type { Answer } from './engine';

/** What a stranger can tell answers apart by, without what differs anyway. */
export function face({ status, headers, body }: Answer): object {
  const names = [...headers.keys()].filter((name) => name !== 'date').sort();
  return { status, names, type: headers.get('content-type'), keys: Object.keys(body).sort() };
}
