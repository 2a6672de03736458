/** Whether this process is going down, and how many requests are still under way. */
export class ShutdownState {
  private draining = false;
  private running = 0;
  private whenIdle: (() => void) | null = null;

  get isDraining(): boolean {
    return this.draining;
  }

  /** From now on the process is not ready and asks clients to close their connections. */
  start(): void {
    this.draining = true;
  }

  requestStarted(): void {
    this.running++;
  }

  requestEnded(): void {
    this.running--;
    if (this.running === 0) this.whenIdle?.();
  }

  /** Resolves with true once no request is under way, with false after `timeoutMs`. */
  idle(timeoutMs: number): Promise<boolean> {
    if (this.running === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs);
      this.whenIdle = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
