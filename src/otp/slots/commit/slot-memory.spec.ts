import { aSlot } from '../../../../test/builders/slot-state.builder';
import { SlotMemory } from './slot-memory';

const MAX_SLOTS = 4_000;

function setup() {
  const process = { ms: 0 };
  const memory = new SlotMemory({ monotonic: () => process.ms });
  const put = (id: string, v = 1) => memory.put(aSlot({ _id: id, v }));
  const has = (...ids: string[]) => ids.map((id) => memory.get(id) !== undefined);
  return { process, memory, put, has };
}

describe('the memory of slots', () => {
  it('gives back what was put last', () => {
    const { memory, put } = setup();
    expect(memory.get('a')).toBeUndefined();
    put('a', 1);
    put('a', 2);
    expect(memory.get('a')).toMatchObject({ _id: 'a', v: 2 });
  });

  // Catches: personal data that was erased in the database and lives on in a process.
  it('lasts a minute, and not its last millisecond', () => {
    const { process, put, has } = setup();
    put('a');
    process.ms = 59_999;
    expect(has('a')).toEqual([true]);
    process.ms = 60_000;
    expect(has('a')).toEqual([false]);
  });

  it('lasts a minute from the last time that a slot was put', () => {
    const { process, put, has } = setup();
    put('a');
    process.ms = 40_000;
    put('a');
    process.ms = 99_999;
    expect(has('a')).toEqual([true]);
    process.ms = 100_000;
    expect(has('a')).toEqual([false]);
  });

  // Catches: a memory that only forgets what is asked for: what nobody asks for again is what has to go.
  it('lets go of what is a minute old, although nobody asks for it, with the next slot that is put', () => {
    const { process, memory, put } = setup();
    put('a');
    process.ms = 60_000;
    put('b');
    expect([...heldBy(memory)]).toEqual(['b']);
  });

  it('drops a slot on doubt, and no other', () => {
    const { memory, put, has } = setup();
    put('a');
    put('b');
    memory.drop('a');
    memory.drop('unknown');
    expect(has('a', 'b')).toEqual([false, true]);
  });

  // Catches: memory taken by slots that nobody is expected to write soon.
  it('keeps a slot while a verification is pending or events wait, and lets it go when neither is so', () => {
    const { memory } = setup();
    const event = { id: 'e' } as never;
    const slot = (status: string, outbox: readonly never[]) => {
      const one = aSlot({ _id: 'a', v: 1 });
      return { ...one, current: { ...one.current, status }, outbox } as typeof one;
    };
    const isHeld = (status: string, outbox: readonly never[]): boolean => {
      memory.put(slot('pending', []));
      memory.put(slot(status, outbox));
      return memory.get('a') !== undefined;
    };
    expect([
      isHeld('pending', []),
      isHeld('pending', [event]),
      isHeld('approved', [event]),
      isHeld('approved', []),
    ]).toEqual([true, true, true, false]);
  });

  // Catches: a process that grows with every recipient.
  it('holds 4,000 slots; the one that was put longest ago goes first', () => {
    const { memory, put, has } = setup();
    for (let n = 0; n < MAX_SLOTS; n++) put(`s${n}`);
    put('s0');
    expect(has('s0', 's1')).toEqual([true, true]);
    put('one more');
    expect(has('s0', 's1', 's2', 'one more')).toEqual([true, false, true, true]);
    expect(heldBy(memory).length).toBe(MAX_SLOTS);
  });
});

/** What it holds, whether or not it would give it back. */
function heldBy(memory: SlotMemory): string[] {
  const { slots } = memory as unknown as { slots: { entries: Map<string, unknown> } };
  return [...slots.entries.keys()];
}
