import { aSlot, at } from '../../../test/builders/slot-state.builder';
import { RelayMemory } from './relay-memory';
import type { Slot } from '../slots/slot';

const news = [
  { type: 'created', verificationId: 'v1', seq: 1, at: at(0), actor: 'admin', to: '', data: {} },
] as const;
const slot = (_id: string, v = 1, outbox: Slot['outbox'] = news): Slot => aSlot({ _id, v, outbox });
const versions = (memory: RelayMemory) =>
  memory.take(100, Infinity).map(({ slot: { _id, v }, since }) => `${_id}:${v}@${since}`);

describe('slots that wait for the relay', () => {
  it('are kept once each, at their newest version, since they began to wait', () => {
    const memory = new RelayMemory(10);
    memory.add(slot('a', 1), 5);
    memory.add(slot('b', 7), 6);
    memory.add(slot('a', 3), 7);
    memory.add(slot('a', 2), 8);
    expect([memory.size, memory.since]).toEqual([2, 5]);
    expect(versions(memory)).toEqual(['a:3@5', 'b:7@6']);
    expect([memory.size, memory.since]).toEqual([0, null]);
  });

  it('wait no more when somebody else has relayed them', () => {
    const memory = new RelayMemory(10);
    memory.add(slot('a', 1), 5);
    memory.add(slot('a', 2, []), 6);
    expect(memory.size).toBe(0);
    memory.add(slot('b', 1, []), 7);
    expect(memory.size).toBe(0);
  });

  it('come in batches, those that have waited longest first', () => {
    const memory = new RelayMemory(10);
    for (const id of ['a', 'b', 'c']) memory.add(slot(id), 0);
    memory.add(slot('a', 2), 9);
    expect(memory.take(2, Infinity).map((one) => one.slot._id)).toEqual(['a', 'b']);
    expect(memory.take(2, Infinity).map((one) => one.slot._id)).toEqual(['c']);
  });

  it('are left for later when they began to wait after the moment given', () => {
    const memory = new RelayMemory(10);
    memory.add(slot('a'), 1);
    memory.add(slot('b'), 2);
    memory.add(slot('c'), 3);
    memory.add(slot('a', 2), 9);
    expect(memory.take(10, 2).map((one) => one.slot._id)).toEqual(['a', 'b']);
    expect(memory.take(10, 2)).toEqual([]);
    expect([memory.size, memory.since]).toEqual([1, 3]);
  });

  it('wait again when they could not be stored, before the others, at the newest version', () => {
    const memory = new RelayMemory(10);
    memory.add(slot('a', 1), 1);
    memory.add(slot('b', 1), 2);
    const taken = memory.take(10, Infinity);
    memory.add(slot('c', 1), 3);
    memory.add(slot('a', 2), 4);
    memory.putBack(taken);
    expect(versions(memory)).toEqual(['a:2@1', 'b:1@2', 'c:1@3']);
  });

  it('are forgotten beyond the bound: the database has them', () => {
    const memory = new RelayMemory(2);
    for (const id of ['a', 'b', 'c']) memory.add(slot(id), 0);
    memory.add(slot('b', 2), 1);
    const taken = memory.take(10, Infinity);
    expect(taken.map((one) => `${one.slot._id}:${one.slot.v}`)).toEqual(['a:1', 'b:2']);
    memory.add(slot('d'), 2);
    memory.putBack(taken);
    expect(versions(memory)).toEqual(['a:1@0', 'b:2@0']);
  });
});
