import type { Application } from './application';
import { CurrentApplications } from './current-applications.service';

const application = (brand: string, id = 'app'): Application => ({
  id,
  name: 'App',
  settings: { brand },
  purposes: [],
  createdAt: new Date(0),
});

function setup() {
  const stored = new Map([['app', application('stored')]]);
  const reads: (readonly string[])[] = [];
  let now = 0;
  let gate: Promise<void> = Promise.resolve();
  let isDown = false;
  const findMany = async (ids: readonly string[]) => {
    reads.push(ids);
    if (isDown) throw new Error('down');
    const seen = ids.flatMap((id) => stored.get(id) ?? []);
    await gate;
    return seen;
  };
  return {
    current: new CurrentApplications({ findMany }, { now: () => now, monotonic: () => now }),
    stored,
    reads,
    pass: (ms: number) => (now += ms),
    setDown: (value: boolean) => (isDown = value),
    hold: () => {
      let release: () => void = () => undefined;
      gate = new Promise((resolve) => (release = resolve));
      return () => release();
    },
  };
}

describe('current applications', () => {
  it('are read once, also for many calls at once, and then known without I/O', async () => {
    const { current, reads } = setup();
    await Promise.all(Array.from({ length: 20 }, () => current.get('app')));
    expect(await current.get('app')).toEqual(application('stored'));
    expect(reads).toEqual([['app']]);
  });

  // Catches: joining a read that never ends, so that an application stays unreadable in this process.
  it('are read again after a read that never ended', async () => {
    jest.useFakeTimers();
    const { current, reads, hold } = setup();
    const release = hold();
    const first = current.get('app').catch(codeOf);
    await jest.advanceTimersByTimeAsync(2_500);
    expect(await first).toBe('unavailable');
    jest.useRealTimers();
    const second = current.get('app');
    expect(reads).toHaveLength(2);
    release();
    expect(await second).toEqual(application('stored'));
  });

  // Catches: memory that is believed for longer than the promise of 5 s leaves room for.
  it('are read again after 4 s, and not before', async () => {
    const { current, stored, reads, pass } = setup();
    await current.get('app');
    stored.set('app', application('changed elsewhere'));
    pass(4_000);
    expect((await current.get('app'))?.settings.brand).toBe('stored');
    pass(1);
    expect((await current.get('app'))?.settings.brand).toBe('changed elsewhere');
    expect(reads).toHaveLength(2);
  });

  it('stay fresh without a read of their own while somebody reads them with their keys', async () => {
    const { current, reads, pass } = setup();
    for (let i = 0; i < 10; i += 1) {
      await current.read(['app']);
      pass(1_500);
      await current.get('app');
    }
    expect(reads).toHaveLength(10);
  });

  it('are unavailable once nothing fresh is known and the database fails, and recover by themselves', async () => {
    const { current, pass, setDown } = setup();
    await current.get('app');
    setDown(true);
    pass(4_000);
    await expect(current.get('app')).resolves.not.toBeNull();
    pass(1);
    await expect(current.get('app')).rejects.toMatchObject({ code: 'unavailable' });
    setDown(false);
    await expect(current.get('app')).resolves.not.toBeNull();
  });

  it('are unavailable within 3 s when the database hangs', async () => {
    jest.useFakeTimers();
    try {
      const { current, hold } = setup();
      hold();
      const refused = expect(current.get('app')).rejects.toMatchObject({ code: 'unavailable' });
      await jest.advanceTimersByTimeAsync(3_000);
      await refused;
    } finally {
      jest.useRealTimers();
    }
  });

  // Catches: a read that was started before the change and comes back after it, taking its place.
  it('show a change of this instance at once, also when an older read comes back later', async () => {
    const { current, hold, pass } = setup();
    const release = hold();
    const older = current.read(['app']);
    pass(1);
    current.changed(application('changed'));
    release();
    await older;
    expect((await current.get('app'))?.settings.brand).toBe('changed');
    expect(current.latest(application('as read')).settings.brand).toBe('changed');
  });

  it('say null for one that does not exist, and remember nothing of it', async () => {
    const { current, stored } = setup();
    expect(await current.get('new')).toBeNull();
    stored.set('new', application('new', 'new'));
    expect(await current.get('new')).not.toBeNull();
  });

  // Catches: a memory without its bounds.
  it('are forgotten when nobody reads them any more, or when there are too many', async () => {
    const { current, pass } = setup();
    for (let i = 0; i < 10_001; i += 1) current.changed(application('known', `app-${i}`));
    expect(current.latest(application('as read', 'app-0')).settings.brand).toBe('as read');
    expect(current.latest(application('as read', 'app-1')).settings.brand).toBe('known');
    pass(60_001);
    current.changed(application('known', 'last'));
    expect(current.latest(application('as read', 'app-10000')).settings.brand).toBe('as read');
  });
});

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;
