import type { Clock } from '../../common/clock';
import type { ProbeResult, ReadinessProbe } from '../../common/readiness';
import type { SinkFeed } from './sink-feed.service';

type Details = NonNullable<ProbeResult['details']>;

/**
 * Shows the event sinks in `/health/ready`: how far behind each is, since when it fails and by which word, and when it
 * missed events. It never fails: a sink that is down is no reason to turn away people who type a code.
 */
export function sinksProbe(feeds: readonly SinkFeed[], clock: Pick<Clock, 'now'>): ReadinessProbe {
  return {
    name: 'eventSinks',
    check: async () => {
      const details = await Promise.all(feeds.map((feed) => detailsOf(feed, clock.now())));
      return { ok: true, details: Object.assign({}, ...details) as Details };
    },
  };
}

async function detailsOf(feed: SinkFeed, now: number): Promise<Details> {
  const key = feed.name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const found = await feed.look().catch(() => null);
  if (!found) return { [`${key}State`]: 'unknown' };
  const { state, since } = found;
  const lag = since ? Math.max(0, now - since.getTime()) / 1000 : 0;
  return {
    [`${key}State`]: state.failures > 0 ? 'failing' : 'ok',
    [`${key}LagSeconds`]: Math.round(lag * 10) / 10,
    ...(state.lastError !== null && { [`${key}Error`]: state.lastError }),
    ...(state.failingSince && { [`${key}FailingSince`]: state.failingSince.toISOString() }),
    ...(state.gapAt && { [`${key}GapAt`]: state.gapAt.toISOString() }),
  };
}
