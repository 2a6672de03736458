import type { View } from '../contract';

/** The server's time, kept by a counter that nobody can set: the clock of the device may be wrong. */
export class ServerClock {
  private atServer = 0;
  private atHere = 0;

  constructor(private readonly elapsed: () => number) {}

  /** Of each answer. */
  set({ serverTime }: Pick<View, 'serverTime'>): void {
    this.atServer = Date.parse(serverTime);
    this.atHere = this.elapsed();
  }

  now(): number {
    return this.atServer + this.elapsed() - this.atHere;
  }

  /** Whole seconds until then, rounded up; null: it is over, or never. */
  secondsUntil(iso: string | null): number | null {
    const milliseconds = iso === null ? 0 : Date.parse(iso) - this.now();
    return milliseconds > 0 ? Math.ceil(milliseconds / 1_000) : null;
  }
}
