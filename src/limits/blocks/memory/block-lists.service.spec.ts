import { Logger } from '@nestjs/common';
import type { Block } from '../block';
import type { BlockChange } from '../store/blocks.repository';
import { BlockLists, TRUST_MS } from './block-lists.service';

const NOW = Date.UTC(2026, 0, 1);

const country = (key: string): Block => ({
  id: key,
  applicationId: 'app',
  list: 'block',
  kind: 'country',
  key,
  shown: key,
  reason: 'test',
  origin: 'api',
  author: 'key:k',
  createdAt: new Date(NOW),
  expiresAt: null,
});

/** A database with the lists of applications, and a clock. Reads wait at `gate` when there is one. */
function world() {
  const changes = new Map<string, BlockChange[]>();
  const state = { monotonic: 0, isAway: false, gate: Promise.resolve(), reads: 0, asked: [] as number[] };
  const answer = async <T>(read: () => T): Promise<T> => {
    state.reads += 1;
    const answered = state.isAway ? null : { value: read() };
    await state.gate;
    if (!answered) throw new Error('away');
    return answered.value;
  };
  const lists = new BlockLists(
    {
      revisions: (ids) =>
        answer(() => ({
          byApplication: new Map(
            ids.flatMap((id) => (changes.has(id) ? [[id, changes.get(id)!.length]] : [])),
          ),
          now: new Date(NOW + state.monotonic),
        })),
      changes: (id, afterRev) =>
        answer(() => {
          state.asked.push(afterRev);
          return (changes.get(id) ?? []).slice(afterRev);
        }),
    },
    { monotonic: () => state.monotonic },
  );
  const change = (id: string, one: BlockChange) => changes.set(id, [...(changes.get(id) ?? []), one]);
  const put = (id: string, key: string) => change(id, { kind: 'put', block: country(key) });
  const blocks = async (id: string, key: string) => {
    const list = await lists.of(id);
    const subject = { e164: '+1', country: key, clientIp: null, numberKey: () => '', deviceKey: () => null };
    return list.find(subject, NOW) !== null;
  };
  return { lists, state, change, put, blocks };
}

const silenced = () => jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);

describe('block lists in memory', () => {
  it('cost no read while they are fresh, and one for everybody who waits', async () => {
    const { lists, state } = world();
    await Promise.all([lists.of('app'), lists.of('app'), lists.of('app')]);
    expect(state.reads).toBe(1);
    state.monotonic = TRUST_MS;
    expect(lists.of('app')).not.toBeInstanceOf(Promise);
    expect(state.reads).toBe(1);
  });

  // Catches: an age that counts from the answer instead of from the question.
  it('are compared again before they are four seconds old', async () => {
    const { lists, state, put, blocks } = world();
    await lists.of('app');
    put('app', 'ES');
    state.monotonic = TRUST_MS + 1;
    expect(lists.of('app')).toBeInstanceOf(Promise);
    expect(await blocks('app', 'ES')).toBe(true);
  });

  it('are compared all at once, and of those that changed only the news is read', async () => {
    const { lists, state, put, change, blocks } = world();
    for (const id of ['a', 'b', 'c']) {
      put(id, 'ES');
      await lists.of(id);
    }
    put('b', 'FR');
    change('b', { kind: 'removed', id: 'ES' });
    state.asked = [];
    state.reads = 0;
    await lists.poll();
    expect(state.asked).toEqual([1]);
    expect(state.reads).toBe(3);
    expect([await blocks('b', 'ES'), await blocks('b', 'FR'), await blocks('a', 'ES')]).toEqual([
      false,
      true,
      true,
    ]);
  });

  // Catches: a list taken for the newest because a read was under way (drop the wait in `changed`).
  it('hold a change of this instance although a read that began before it ends after it', async () => {
    const { lists, state, put, blocks } = world();
    let open: () => void = () => undefined;
    state.gate = new Promise((done) => (open = done));
    const early = lists.of('app');
    put('app', 'ES');
    const changed = lists.changed('app');
    open();
    await Promise.all([early, changed]);
    expect(await blocks('app', 'ES')).toBe(true);
  });

  // Catches: a list that stays trusted after the read behind a change failed.
  it('are read anew when a change of this instance could not be read back', async () => {
    const { lists, state, put, blocks } = world();
    await lists.of('app');
    put('app', 'ES');
    state.isAway = true;
    await lists.changed('app');
    state.isAway = false;
    expect(await blocks('app', 'ES')).toBe(true);
  });

  // Catches: fail open.
  it('serve for four seconds while the database is away, and then nobody is let through', async () => {
    const warn = silenced();
    const { lists, state, blocks, put } = world();
    put('app', 'ES');
    await lists.of('app');
    state.isAway = true;
    await expect(lists.poll()).rejects.toThrow('away');
    expect(await blocks('app', 'ES')).toBe(true);
    state.monotonic = TRUST_MS + 1;
    await expect(lists.of('app')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(lists.of('new')).rejects.toMatchObject({ code: 'unavailable' });
    state.isAway = false;
    expect(await blocks('app', 'ES')).toBe(true);
    warn.mockRestore();
  });

  it('are forgotten when nobody asked for them for a minute', async () => {
    const { lists, state } = world();
    await lists.of('app');
    state.monotonic = 60_001;
    state.reads = 0;
    await lists.poll();
    expect(state.reads).toBe(0);
  });

  it('know the time of the database, and count it on', async () => {
    const { lists, state, put } = world();
    put('app', 'ES');
    state.monotonic = 5_000;
    await lists.of('app');
    state.monotonic = 7_000;
    expect(lists.now()).toBe(NOW + 7_000);
  });
});
