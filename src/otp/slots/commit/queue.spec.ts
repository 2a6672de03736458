import type { Answered, SlotTask } from './task';
import { CommitQueue, newWaiting, type Waiting } from './queue';

interface Ask {
  alone?: boolean;
  isDone?: boolean;
  ridesAlong?: true;
}

/** A command for a slot that waits; nobody hears of its answer. */
function waitingFor(slotId: string, { alone = false, isDone = false, ridesAlong }: Ask = {}): Waiting {
  const task: SlotTask<unknown> = {
    slotId,
    decide: () => ({ outcome: null }),
    ...(ridesAlong ? { ridesAlong } : {}),
  };
  return { task, resolve: () => {}, reject: () => {}, retryUntil: 0, isDone, lost: 0, alone };
}
function queueOf(...all: readonly Waiting[]): CommitQueue {
  const queue = new CommitQueue();
  for (const one of all) queue.add(one);
  return queue;
}
const many = (count: number, slotId: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => waitingFor(slotId(n)));
const taken = (queue: CommitQueue) => [...queue.take().entries()];

describe('the queue of commands', () => {
  it('gives a batch by slot, in order of arrival, and is empty then', () => {
    const [a1, b1, a2] = [waitingFor('a'), waitingFor('b'), waitingFor('a')];
    const queue = queueOf(a1, b1, a2);
    expect(queue.length).toBe(3);
    expect(taken(queue)).toEqual([
      ['a', [a1, a2]],
      ['b', [b1]],
    ]);
    expect([queue.length, taken(queue)]).toEqual([0, []]);
  });

  // Catches: one hot recipient that holds up its neighbours in the batch.
  it('takes at most 32 of a slot, in order, and the rest with the next batch', () => {
    const hot = many(70, () => 'hot');
    const other = waitingFor('other');
    const queue = queueOf(...hot, other);
    expect(taken(queue)).toEqual([
      ['hot', hot.slice(0, 32)],
      ['other', [other]],
    ]);
    expect(taken(queue)).toEqual([['hot', hot.slice(32, 64)]]);
    expect(taken(queue)).toEqual([['hot', hot.slice(64)]]);
  });

  // Catches: a command so long that it writes after an expiry that it was decided before.
  it('takes at most 256 slots; more of a slot that is in the batch still fit', () => {
    const all = many(300, (n) => `s${n}`);
    const again = waitingFor('s0');
    const queue = queueOf(...all, again);
    const batch = queue.take();
    expect([...batch.keys()]).toEqual(all.slice(0, 256).map(({ task }) => task.slotId));
    expect(batch.get('s0')).toEqual([all[0], again]);
    expect(taken(queue).map(([slotId]) => slotId)).toEqual(all.slice(256).map(({ task }) => task.slotId));
  });

  it('takes those that lost a race first, in their order', () => {
    const [late, lost1, lost2] = [waitingFor('late'), waitingFor('lost'), waitingFor('lost')];
    const queue = queueOf(late);
    queue.addFirst([lost1, lost2]);
    expect(taken(queue)).toEqual([
      ['lost', [lost1, lost2]],
      ['late', [late]],
    ]);
  });

  // Catches: one bad request that fails its neighbours again and again.
  it('lets one that is to go alone take no company, not even of its own slot', () => {
    const [bad, same, other] = [waitingFor('a', { alone: true }), waitingFor('a'), waitingFor('b')];
    const queue = queueOf(bad, same, other);
    expect(taken(queue)).toEqual([['a', [bad]]]);
    expect(taken(queue)).toEqual([
      ['a', [same]],
      ['b', [other]],
    ]);
  });

  it('lets one that is to go alone join nobody', () => {
    const [first, bad, last] = [waitingFor('a'), waitingFor('b', { alone: true }), waitingFor('c')];
    const queue = queueOf(first, bad, last);
    expect(taken(queue)).toEqual([
      ['a', [first]],
      ['c', [last]],
    ]);
    expect(taken(queue)).toEqual([['b', [bad]]]);
  });

  // Catches: a guess that is charged after its caller was told that the outcome is not known, and went away.
  it('never runs one whose caller has an answer', () => {
    const open = waitingFor('a');
    expect(taken(queueOf(waitingFor('a', { isDone: true }), open))).toEqual([['a', [open]]]);
  });

  it.each<[what: string, all: Ask[], isUrgent: boolean]>([
    ['empty', [], false],
    ['of work that nobody waits for', [{ ridesAlong: true }], false],
    ['of callers that have their answer', [{ isDone: true }], false],
    ['in which somebody waits', [{ ridesAlong: true }, {}], true],
  ])('%s, is urgent only when somebody waits', (_, all, isUrgent) => {
    expect(queueOf(...all.map((ask) => waitingFor('a', ask))).isUrgent).toBe(isUrgent);
  });

  it.each<[all: boolean[], left: number]>([
    [[], 0],
    [[true, true], 0],
    [[true, true, false, true, false], 3],
    [[false, true], 2],
  ])('forgets those that gave up, from the front: %p leaves %d', (all, left) => {
    const queue = queueOf(...all.map((isDone) => waitingFor('a', { isDone })));
    queue.forgetGivenUp();
    expect(queue.length).toBe(left);
  });
});

describe('a caller that waits', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const answer: Answered<unknown> = { outcome: { kind: 'approved' }, slot: null, now: new Date(0) };
  function setup() {
    const givenUp: boolean[] = [];
    const { waiting, answered } = newWaiting(waitingFor('a').task, {
      deadlineMs: 8_500,
      retryUntil: 5_000,
      onGivenUp: () => givenUp.push(waiting.isDone),
    });
    return { waiting, answered, givenUp };
  }

  it('is answered, and then done', async () => {
    const { waiting, answered, givenUp } = setup();
    expect(waiting).toMatchObject({ isDone: false, lost: 0, alone: false, retryUntil: 5_000 });
    waiting.resolve(answer);
    await expect(answered).resolves.toBe(answer);
    expect(waiting.isDone).toBe(true);
    jest.advanceTimersByTime(10_000);
    expect(givenUp).toEqual([]);
  });

  it('hears of a failure', async () => {
    const { waiting, answered } = setup();
    waiting.reject(new Error('refused'));
    await expect(answered).rejects.toThrow('refused');
    expect(waiting.isDone).toBe(true);
  });

  // Catches: a caller that waits for ever, or one that is told twice.
  it('is told at its deadline, and once only, that the outcome is not known', async () => {
    const { waiting, answered, givenUp } = setup();
    const told = answered.catch((error: unknown) => error);
    jest.advanceTimersByTime(8_499);
    expect(waiting.isDone).toBe(false);
    jest.advanceTimersByTime(1);
    expect(givenUp).toEqual([true]);
    waiting.resolve(answer);
    expect(await told).toMatchObject({ code: 'unavailable' });
  });
});
