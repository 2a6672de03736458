import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeIn, type GatewaySink, type SinkMessage } from '../support/gateway-sink';
import type { FaultClient, Told } from './fault-client';
import type { SeededRandom } from './seeded-random';
import { openCalls, type Call, type Story } from './story';

/** A client gives a call this long before it turns to something else. */
const PATIENCE_MS = 1_000;
const CODE_PATIENCE_MS = 1_500;
/** A killed instance holds idempotency records for 30 s, and deliveries for a lease of 30 s and a job's turn. */
export const SETTLE_AFTER_MS = 36_000;
const SETTLE_PATIENCE_MS = 5_000;
const PAUSE_MS = [5, 50] as const;

interface Parked {
  readonly story: Story;
  readonly dueAt: number;
}

/**
 * People who verify their numbers, with every habit that makes trouble: wrong guesses, two right ones at once,
 * resends, creates on top of each other, calls without idempotency key. What nobody told them is asked again,
 * with the same key, when the server has had its time.
 */
export class Load {
  readonly stories: Story[] = [];
  private readonly parked: Parked[] = [];
  private readonly texts = new Map<string, SinkMessage[]>();
  private textsRead = 0;
  /** Numbers that may be used again: nothing about them is open. */
  private readonly known: string[] = [];
  private running: Promise<unknown> = Promise.resolve();
  private stopped = false;
  private numbers = 0;

  constructor(
    private readonly client: FaultClient,
    private readonly sink: GatewaySink,
    private readonly random: SeededRandom,
  ) {}

  start(clients: number): void {
    this.running = Promise.all(Array.from({ length: clients }, () => this.people()));
  }

  /** Ends the people's days; `settle` then clears up what they left open. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  /** Asks again for everything that is open. The server must have been well for `SETTLE_AFTER_MS` by now. */
  async settle(clients: number): Promise<void> {
    const worker = async (): Promise<void> => {
      for (let next = this.parked.shift(); next; next = this.parked.shift()) {
        await this.clearUp(next.story);
        if (openCalls(next.story).length > 0)
          this.client.surprises.push(`${next.story.to}: a call stayed open`);
      }
    };
    await Promise.all(Array.from({ length: clients }, worker));
  }

  private async people(): Promise<void> {
    while (!this.stopped) {
      const due = this.parked.findIndex((one) => one.dueAt <= performance.now());
      const [parked] = due < 0 ? [] : this.parked.splice(due, 1);
      const story = parked?.story ?? this.newStory();
      await (parked ? this.clearUp(story) : this.live(story));
      if (!story.finished || openCalls(story).length > 0)
        this.parked.push({ story, dueAt: performance.now() + SETTLE_AFTER_MS });
      else if (isCertain(story)) this.known.push(story.to);
      await sleep(this.random.between(...PAUSE_MS));
    }
  }

  private newStory(): Story {
    const again = this.random.chance(0.3)
      ? this.known.splice(this.random.below(this.known.length), 1)[0]
      : null;
    const to = again ?? `+346${String(10_000_000 + this.numbers++)}`;
    const story: Story = { to, calls: [], verificationId: null, code: null, finished: false };
    this.stories.push(story);
    return story;
  }

  private async live(story: Story): Promise<void> {
    const created = await this.create(story, randomUUID());
    if (created === null) return;
    if (story.verificationId === null) return void (story.finished = true);
    if (this.random.chance(0.1)) await this.create(story, null);
    if (this.random.chance(0.1)) await this.post(story, 'send', {});
    story.code = await this.codeOf(story, CODE_PATIENCE_MS);
    if (story.code !== null) await this.guess(story, story.code);
  }

  private async guess(story: Story, code: string): Promise<void> {
    const wrong = this.random.pick([0, 0, 1, 1, 2, 3, 5]);
    for (let n = 1; n <= wrong; n++) {
      const key = this.random.chance(0.2) ? null : randomUUID();
      const told = await this.check(story, { code: otherThan(code, n), right: false }, key);
      // Some wait until they are told; the others go on, and may have ended it by then.
      if (told === null && key !== null && this.random.chance(0.5)) return;
    }
    if (this.random.chance(0.05)) await this.post(story, 'cancel', undefined);
    const times = this.random.chance(0.2) ? 2 : 1;
    const right = Array.from({ length: times }, () => this.check(story, { code, right: true }, randomUUID()));
    await Promise.all(right);
    story.finished = true;
  }

  /** Repeats what is open; then a person who never got to guess does so now: what lives must work. */
  private async clearUp(story: Story): Promise<void> {
    for (const call of openCalls(story)) await this.repeat(story, call, SETTLE_PATIENCE_MS);
    if (story.finished || openCalls(story).length > 0) return;
    story.code ??= await this.codeOf(story, CODE_PATIENCE_MS);
    if (story.code !== null) await this.guess(story, story.code);
    else if (story.verificationId !== null && this.stopped)
      this.client.surprises.push(`${story.to}: no code arrived within a lease and 5 s`);
  }

  private create(story: Story, idempotencyKey: string | null): Promise<Told | null> {
    const call: Call = {
      kind: 'create',
      right: false,
      path: '/v1/verifications',
      body: { to: story.to },
      idempotencyKey,
      told: null,
    };
    story.calls.push(call);
    return this.repeat(story, call, PATIENCE_MS);
  }

  private check(
    story: Story,
    guess: { code: string; right: boolean },
    key: string | null,
  ): Promise<Told | null> {
    const call: Call = {
      kind: 'check',
      right: guess.right,
      path: `/v1/verifications/${story.verificationId ?? ''}/checks`,
      body: { code: guess.code },
      idempotencyKey: key,
      told: null,
    };
    story.calls.push(call);
    return this.repeat(story, call, PATIENCE_MS);
  }

  private async post(story: Story, kind: 'send' | 'cancel', body: unknown): Promise<void> {
    const path = `/v1/verifications/${story.verificationId ?? ''}/${kind === 'send' ? 'sends' : kind}`;
    const call: Call = { kind, right: false, path, body, idempotencyKey: null, told: null };
    story.calls.push(call);
    await this.repeat(story, call, 0);
  }

  private async repeat(story: Story, call: Call, patienceMs: number): Promise<Told | null> {
    const { path, body, idempotencyKey } = call;
    const request = { method: 'POST', path, body } as const;
    call.told =
      idempotencyKey === null
        ? await this.client.once(request)
        : await this.client.untilTold({ ...request, idempotencyKey }, patienceMs);
    if (call.kind === 'create' && call.told !== null) this.learnId(story, call.told);
    return call.told;
  }

  private learnId(story: Story, told: Told): void {
    const id = told.body.id;
    if (id === undefined) return;
    if (story.verificationId !== null && story.verificationId !== id)
      this.client.surprises.push(`${story.to}: a second create did not join the pending verification`);
    story.verificationId ??= id;
  }

  /** From the first text to the number after this story began. */
  private async codeOf(story: Story, patienceMs: number): Promise<string | null> {
    const end = performance.now() + patienceMs;
    const path = `/v1/verifications/${story.verificationId ?? ''}`;
    while (performance.now() < end) {
      const sent = this.textsTo(story.to);
      if (sent.length > 0) {
        // A number that is used again has older texts too: the verification says which one is its own.
        const read = await this.client.untilTold({ method: 'GET', path }, patienceMs);
        const own = new Set(read?.body.deliveries?.map((delivery) => delivery.id));
        const text = sent.find((message) => own.has(message.id));
        if (text) return codeIn(text.text);
      }
      await sleep(20);
    }
    return null;
  }

  private textsTo(to: string): readonly SinkMessage[] {
    for (; this.textsRead < this.sink.messages.length; this.textsRead++) {
      const message = this.sink.messages[this.textsRead]!;
      this.texts.set(message.to, [...(this.texts.get(message.to) ?? []), message]);
    }
    return this.texts.get(to) ?? [];
  }
}

/** A story all of whose calls were told: what the number's next story finds is known. */
function isCertain(story: Story): boolean {
  return story.calls.every((call) => call.told !== null);
}

function otherThan(code: string, n: number): string {
  return String((Number(code) + n) % 1_000_000).padStart(6, '0');
}
