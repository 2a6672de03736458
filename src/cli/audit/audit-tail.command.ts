import { setTimeout as sleep } from 'node:timers/promises';
import { applicationClient, type Client, Refusal } from '../client/client.service';
import { CliError } from '../cli-error';
import { CliExit } from '../exit-codes';
import { say, tell } from '../terminal/terminal.service';
import type { TailOptions } from './audit';
import { type AuditEvent, eventLine } from './audit-words';
import { inOrder, lastEvents } from './audit-log.service';

const RETRY_SECONDS = { first: 1, longest: 30 };

/** Follows the log until SIGINT or SIGTERM, over restarts of the server. */
export async function tail(options: TailOptions): Promise<void> {
  const client = await applicationClient(options);
  const stopping = stopOnSignal();
  const follower = new Follower(client, options, stopping);
  try {
    await follower.begin();
    await follower.follow();
  } catch (error) {
    if (!stopping.aborted) throw error;
  } finally {
    if (follower.last !== undefined) tell(`Go on with: sixdigit audit tail --after ${follower.last}`);
  }
}

class Follower {
  /** The last event that was shown. */
  last: string | undefined;

  constructor(
    private readonly client: Client,
    private readonly options: TailOptions,
    private readonly stopping: AbortSignal,
  ) {
    this.last = options.after;
  }

  /** What is wrong with address, key or event shows here at once. */
  async begin(): Promise<void> {
    if (this.last !== undefined) return this.showNew();
    const { lines } = this.options;
    const events = await lastEvents(this.client, this.options, Math.max(lines, 1));
    for (const event of events) this.take(event, lines > 0);
  }

  async follow(): Promise<void> {
    let pause = RETRY_SECONDS.first;
    for (;;) {
      await sleep(this.options.interval * 1_000, undefined, { signal: this.stopping });
      try {
        await this.showNew();
        pause = RETRY_SECONDS.first;
      } catch (error) {
        if (!isPassing(error)) throw error;
        tell(`${error.message.split('\n')[0] ?? ''} Trying again.`);
        await sleep(pause * 1_000, undefined, { signal: this.stopping });
        pause = Math.min(pause * 2, RETRY_SECONDS.longest);
      }
    }
  }

  private async showNew(): Promise<void> {
    for await (const events of inOrder(this.client, this.options, { after: this.last }, this.stopping))
      for (const event of events) this.take(event, true);
  }

  private take(event: AuditEvent, isShown: boolean): void {
    if (isShown) say(this.options.json === true ? JSON.stringify(event) : eventLine(event));
    this.last = event.id;
  }
}

/** A server that restarts, or has much to do. */
function isPassing(error: unknown): error is CliError {
  if (error instanceof Refusal) return error.status === 429 || error.status >= 500;
  return error instanceof CliError && error.exitCode === CliExit.unreachable;
}

/** The page under way is shown whole or not at all, so that `--after` fits. A second signal ends the process at once. */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}
