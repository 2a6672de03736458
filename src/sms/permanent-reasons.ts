/** The person said STOP: the number goes on the block list of the application. */
export const OPTED_OUT = 'opted-out';

/**
 * Reasons that hold for every gateway: none reaches a number that does not exist, and a block is not to be got round.
 * Another channel may do better.
 */
const permanent: ReadonlySet<string> = new Set(['invalid-number', 'blocked', OPTED_OUT]);

export function isPermanent(reason: string | null | undefined): boolean {
  return permanent.has(reason ?? '');
}
