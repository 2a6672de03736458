import type { Channel } from '../../common/channel';

/** What a vendor's limit is about: everything on a channel, or what one sender of it sends. */
export interface PauseScope {
  readonly channel: Channel;
  /** Null: whoever sends. */
  readonly sender: string | null;
}

export interface Pause extends PauseScope {
  /** Monotonic milliseconds. */
  readonly until: number;
}

/** When a vendor asks for a pause without saying how long. */
const USUAL_MS = 5_000;
/** A vendor may name hours; one call a minute does not hurt it and finds out sooner. */
const LONGEST_MS = 60_000;

/** Where a vendor wants to be left alone, whatever the country. */
export class Pauses {
  /** As many as a gateway has channels and senders of ours. */
  private readonly pauses = new Map<string, Pause>();

  /** A later end is never brought forward. */
  add({ channel, sender }: PauseScope, retryAfterMs: number | undefined, now: number): void {
    const wanted = Math.min(Math.max(retryAfterMs ?? USUAL_MS, 0), LONGEST_MS);
    const known = this.pauses.get(keyOf(channel, sender));
    const until = Math.max(known?.until ?? 0, now + wanted);
    this.pauses.set(keyOf(channel, sender), { channel, sender, until });
  }

  /** Whether a message on this channel, from this sender, has to wait. */
  hold({ channel, sender }: PauseScope, now: number): boolean {
    const scopes = [keyOf(channel, null), keyOf(channel, sender)];
    return scopes.some((key) => now < (this.pauses.get(key)?.until ?? 0));
  }

  /** Those that are not over. */
  list(now: number): Pause[] {
    return [...this.pauses.values()].filter(({ until }) => now < until);
  }
}

const keyOf = (channel: Channel, sender: string | null): string => `${channel} ${sender ?? ''}`;
