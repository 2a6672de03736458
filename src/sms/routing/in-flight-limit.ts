/** At most `max` calls at once; further ones wait in line, each for as long as it can. */
export class InFlightLimit {
  private running = 0;
  /** In order of arrival; a waiter that gives up is removed. */
  private readonly line = new Set<() => void>();

  constructor(private readonly max: number) {}

  get active(): number {
    return this.running;
  }

  get waiting(): number {
    return this.line.size;
  }

  /** True once the call may start; false when its time was up first. What entered must `leave`. */
  enter(waitMs: number): boolean | Promise<boolean> {
    if (this.running < this.max) {
      this.running += 1;
      return true;
    }
    return waitMs > 0 && this.wait(waitMs);
  }

  leave(): void {
    const [next] = this.line;
    // The place is handed over, so that nobody who comes now gets in before those who wait.
    if (next) next();
    else this.running -= 1;
  }

  private wait(waitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (entered: boolean) => {
        clearTimeout(timer);
        this.line.delete(start);
        resolve(entered);
      };
      const start = () => settle(true);
      const timer = setTimeout(settle, waitMs, false);
      this.line.add(start);
    });
  }
}
