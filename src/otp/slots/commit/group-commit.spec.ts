import { aCreate } from '../../../../test/builders/slot-commands.builder';
import { create } from '../rules/create';
import type { SlotsRead, WriteReport } from '../slot.repository';
import type { SlotStore } from './batch-commit';
import { GroupCommit } from './group-commit';

const NOW = new Date('2030-01-31T12:00:00.000Z');
const DEADLINE_MS = 8_500;
const RIDE_ALONG_MS = 20;
const done = { errors: new Map(), isConcernFailed: false };

/** A database without slots, of whose commands some do not end by themselves: the driver can do that, see `answered.ts`. */
class HangingStore implements SlotStore {
  hangs: 'read' | 'write' | 'now' | null = null;
  /** The command that hangs comes to its end. */
  release: () => void = () => undefined;
  writes = 0;

  read = (): Promise<SlotsRead> => this.answer('read', { slots: [], now: null });
  now = (): Promise<Date> => this.answer('now', NOW);
  write = (statements: readonly object[]): Promise<WriteReport> => {
    this.writes += 1;
    return this.answer('write', { ...done, matched: statements.length });
  };

  private answer<T>(command: 'read' | 'write' | 'now', value: T): Promise<T> {
    if (this.hangs !== command) return Promise.resolve(value);
    this.hangs = null;
    return new Promise((resolve) => (this.release = () => resolve(value)));
  }
}

/** A commit of creates, each of which says what it came to. */
function world() {
  const store = new HangingStore();
  const commit = new GroupCommit(store, { monotonic: () => performance.now() });
  const submit = (options: { readonly ridesAlong?: true } = {}): Promise<unknown> => {
    const command = aCreate();
    const task = { slotId: command.slot._id, op: command.op, mayBegin: true as const, ...options };
    return commit
      .submit({ ...task, decide: (slot, now) => create(slot, command, now) })
      .then(({ outcome }) => outcome.kind)
      .catch((error: unknown) => (error as { code?: unknown }).code);
  };
  return { store, commit, submit };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('a command of the database that never ends', () => {
  // Catches: waiting for it. All that came later would then be answered 503 until the process is started again.
  it.each(['read', 'write', 'now'] as const)(
    'does not keep the next batch waiting for ever: %s',
    async (hanging) => {
      const { store, commit, submit } = world();
      store.hangs = hanging;
      const first = submit();
      await jest.advanceTimersByTimeAsync(10);
      const second = submit();
      await jest.advanceTimersByTimeAsync(DEADLINE_MS - 10);
      await expect(first).resolves.toBe('unavailable');
      await expect(second).resolves.toBe('started');
      await commit.idle();
    },
  );
});

describe('a database that hangs until all have been answered', () => {
  // Catches: no deadline: they wait for the database. No look at what is given up already: it is run when the database
  // comes back.
  it('has nothing to do for them afterwards, and the next ones go on', async () => {
    const { store, commit, submit } = world();
    store.hangs = 'write';
    const told: unknown[] = [];
    const all = [submit(), submit(), submit({ ridesAlong: true })];
    for (const one of all) void one.then((word) => told.push(word));
    await jest.advanceTimersByTimeAsync(DEADLINE_MS - 1);
    expect(told).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(told).toEqual(Array(3).fill('unavailable'));
    expect(commit.waiting).toBe(0);
    store.release();
    await jest.advanceTimersByTimeAsync(RIDE_ALONG_MS);
    await commit.idle();
    expect(store.writes).toBe(1);
    expect(await submit()).toBe('started');
  });
});

describe('what nobody waits for', () => {
  // Catches: `ridesAlong` ignored: it is written at once.
  it('starts no batch of its own for 20 ms', async () => {
    const { store, submit } = world();
    const ride = submit({ ridesAlong: true });
    await jest.advanceTimersByTimeAsync(RIDE_ALONG_MS - 1);
    expect(store.writes).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(await ride).toBe('started');
    expect(store.writes).toBe(1);
  });

  // Catches: a run of nothing taken for the running one (without `rest` in `leave`): nothing is ever run again.
  it('and is given up just before it leaves holds up nobody', async () => {
    const { store, submit } = world();
    store.hangs = 'write';
    const ahead = submit();
    await jest.advanceTimersByTimeAsync(5);
    const ride = submit({ ridesAlong: true });
    // Ahead of both deadlines; the ride would leave 20 ms after this, and is given up after 10.
    await jest.advanceTimersByTimeAsync(DEADLINE_MS - 10);
    store.release();
    await jest.advanceTimersByTimeAsync(RIDE_ALONG_MS);
    expect([await ahead, await ride]).toEqual(['started', 'unavailable']);
    expect(store.writes).toBe(1);
    expect(await submit()).toBe('started');
  });
});
