/**
 * The connections of one application to its database. Hooks close an application that has started; of one whose start
 * failed half-way Nest runs none, and whoever started it closes these.
 */
export class OpenClients {
  private readonly ends: (() => Promise<unknown>)[] = [];
  private isOver = false;

  /** How one of them is closed, as soon as there is something to close. Closing twice must do no harm. */
  add(end: () => Promise<unknown>): void {
    this.ends.push(end);
    // Others may go on to start for a moment after the first has failed.
    if (this.isOver) void end().catch(() => undefined);
  }

  /** All of them, also when one cannot be closed: the server that they lead to is to be stopped next. */
  async close(): Promise<void> {
    this.isOver = true;
    await Promise.allSettled(this.ends.map((end) => end()));
  }
}
