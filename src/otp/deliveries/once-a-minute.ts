const WINDOW_MS = 60_000;
/** More kinds of trouble than there are gateways and reasons; a bound, not a limit to reach. */
const MAX_KINDS = 1_000;

/** Lets one of each kind through a minute: a gateway that is down must show in the log, not fill it. */
export class OnceAMinute {
  private readonly lastAt = new Map<string, number>();

  /** @param now monotonic, in ms */
  allows(kind: string, now: number): boolean {
    const last = this.lastAt.get(kind);
    if (last !== undefined && now - last < WINDOW_MS) return false;
    if (this.lastAt.size >= MAX_KINDS) this.lastAt.clear();
    this.lastAt.set(kind, now);
    return true;
  }
}
