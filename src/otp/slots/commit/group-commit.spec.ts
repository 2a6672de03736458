import { aCreate } from '../../../../test/builders/slot-commands.builder';
import { create } from '../rules/create';
import type { SlotsRead, WriteReport } from '../slot.repository';
import type { SlotStore } from './batch-commit';
import { GroupCommit } from './group-commit';

const NOW = new Date('2030-01-31T12:00:00.000Z');
const DEADLINE_MS = 8_500;
const never = new Promise<never>(() => undefined);
const done = { errors: new Map(), isConcernFailed: false };

/** A database without slots, of whose commands some never end: the driver can do that, see `answered.ts`. */
class HangingStore implements SlotStore {
  hangs: 'read' | 'write' | 'now' | null = null;

  read = (): Promise<SlotsRead> => this.answer('read', { slots: [], now: null });
  now = (): Promise<Date> => this.answer('now', NOW);
  write = (statements: readonly object[]): Promise<WriteReport> =>
    this.answer('write', { ...done, matched: statements.length });

  private answer<T>(command: 'read' | 'write' | 'now', value: T): Promise<T> {
    const isHanging = this.hangs === command;
    if (isHanging) this.hangs = null;
    return isHanging ? never : Promise.resolve(value);
  }
}

describe('a command of the database that never ends', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  // Catches: waiting for it. All that came later would then be answered 503 until the process is started again.
  it.each(['read', 'write', 'now'] as const)(
    'does not keep the next batch waiting for ever: %s',
    async (hanging) => {
      const store = new HangingStore();
      const commit = new GroupCommit(store, { monotonic: () => performance.now() });
      const submit = () => {
        const command = aCreate();
        const task = { slotId: command.slot._id, op: command.op, mayBegin: true as const };
        return commit.submit({ ...task, decide: (slot, now) => create(slot, command, now) });
      };
      store.hangs = hanging;
      const first = submit().catch(codeOf);
      await jest.advanceTimersByTimeAsync(10);
      const second = submit().then(({ outcome }) => outcome.kind);
      await jest.advanceTimersByTimeAsync(DEADLINE_MS - 10);
      await expect(first).resolves.toBe('unavailable');
      await expect(second).resolves.toBe('started');
      await commit.idle();
    },
  );
});

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;
