import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { connectionLimit, descriptorsIn } from './limits';
import { OpenConnections } from './open-connections';

const TELL_EVERY_MS = 60_000;

/** The connections of this process, bounded by the setting and by what the system lets it open. */
export function boundedConnections(wanted: number, logger: Logger): OpenConnections {
  const descriptors = descriptorsIn(procLimits());
  const limit = connectionLimit(wanted, descriptors);
  if (limit < wanted) {
    logger.warn(
      { wanted, limit, descriptors },
      'fewer connections than MAX_CONNECTIONS: raise the limit of open files (ulimit -n) to twice that',
    );
  }
  return new OpenConnections(limit, crowdTeller(limit, logger));
}

/** Null where the system has no such file. */
function procLimits(): string | null {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return null;
  }
}

/** One line a minute, with how often it happened: a flood must not flood the log. */
function crowdTeller(limit: number, logger: Logger): () => void {
  let closed = 0;
  let toldAt = -Infinity;
  return () => {
    closed += 1;
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    logger.warn(
      { limit, closed },
      'all connections taken: closed those that kept the server waiting longest',
    );
    toldAt = performance.now();
    closed = 0;
  };
}
