/** At most `size` requests on the way at once; further ones wait in line for as long as their signal lets them. */
export class SubmitWindow {
  private taken = 0;
  /** In order of arrival; a waiter that gives up is removed. */
  private readonly line = new Set<() => void>();

  constructor(private readonly size: number) {}

  /** True once there is a place, which must be given back with `leave`; false when the signal was first. */
  enter(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (this.taken < this.size) {
      this.taken += 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const settle = (entered: boolean) => {
        signal.removeEventListener('abort', giveUp);
        this.line.delete(start);
        resolve(entered);
      };
      const start = () => settle(true);
      const giveUp = () => settle(false);
      signal.addEventListener('abort', giveUp);
      this.line.add(start);
    });
  }

  leave(): void {
    const [next] = this.line;
    // The place is handed over, so that nobody who comes now gets in before those who wait.
    if (next) next();
    else this.taken -= 1;
  }
}
