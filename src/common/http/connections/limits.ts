/** Address and headers of a request, counted from the connection or from its first byte on a connection that was kept. */
export const HEADERS_TIMEOUT_MS = 10_000;
/**
 * The whole request, its body included. Never less than the time for headers: Node swaps two limits that are the wrong
 * way round, and then neither means what it says.
 */
export const REQUEST_TIMEOUT_MS = 15_000;
/** How often Node looks for requests that are late: so much may be added to either. */
export const CONNECTION_CHECK_MS = 1_000;
/** Longer than the 60 s after which common balancers drop an idle connection, so that they close first. */
export const KEEP_ALIVE_TIMEOUT_MS = 72_000;
/** From the last answer of a connection to its end, when there is something that was not read: see `closing.ts`. */
export const LINGER_MS = 1_000;
/** For a client to take an answer, from the moment at which it must have been given one. */
export const TAKE_ANSWER_MS = 10_000;
/**
 * Connections that wait for the process to accept them. It accepts all of them at one go and reads afterwards: were they
 * as many as there are places, a newcomer could have to go before its request was read. Beyond it, clients try again
 * after a second by themselves.
 */
export const ACCEPT_QUEUE = 128;
export const MAX_HEADER_BYTES = 16 * 1024;

/** What a system allows that does not say. */
const USUAL_DESCRIPTORS = 1024;

/** The soft limit of open files in the text of `/proc/self/limits`; the usual one where there is no such text. */
export function descriptorsIn(procLimits: string | null): number {
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(procLimits ?? '')?.[1];
  if (soft === 'unlimited') return Infinity;
  return soft === undefined ? USUAL_DESCRIPTORS : Number(soft);
}

/**
 * How many connections are served at once: as many as were asked for, but never more than half of the descriptors.
 * The other half is for the database (two pools of 100), gateways (64 calls each) and files, which must not fail
 * because strangers hold sockets.
 */
export function connectionLimit(wanted: number, descriptors: number): number {
  return Math.max(1, Math.min(wanted, Math.floor(descriptors / 2)));
}
