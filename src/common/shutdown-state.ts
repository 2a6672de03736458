/** Whether this process is going down, and how many requests are still under way. */
export class ShutdownState {
  private stopping = false;
  private running = 0;
  private whenIdle: (() => void) | null = null;

  get isStopping(): boolean {
    return this.stopping;
  }

  /** From now on the process is not ready and asks clients to close their connections. */
  begin(): void {
    this.stopping = true;
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
