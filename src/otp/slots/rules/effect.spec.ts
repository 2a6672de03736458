import { aRecord, aSlot, at } from '../../../../test/builders/slot-state.builder';
import { effect, eventOf, operationOf, remembered, stillAskedFor } from './effect';

const DAY_MS = 86_400_000;
const client = { applicationId: 'app', actor: 'key:test', op: 'o1' } as const;
const aged = (ms: number, keyed?: true) => ({
  op: 'x',
  outcome: 'wrong',
  at: at(-ms),
  ...(keyed ? { keyed } : {}),
});

describe('operations that a slot remembers', () => {
  // Catches: an operation that is forgotten while its repeat may still come, and then runs a second time.
  it.each([
    ['without key in its last millisecond', aged(59_999), true],
    ['without key after a minute', aged(60_000), false],
    ['with a key in the last millisecond of its day', aged(DAY_MS - 1, true), true],
    ['with a key after a day', aged(DAY_MS, true), false],
    ['of a clock that was ahead', aged(-5_000), true],
  ])('keep one %s: %s', (_, operation, isKept) => {
    expect(stillAskedFor([operation], at(0))).toEqual(isKept ? [operation] : []);
  });

  it('stay the same array when none goes, so that nothing is written for them', () => {
    const ops = [aged(1), aged(2, true)];
    expect(stillAskedFor(ops, at(0))).toBe(ops);
  });

  it('are marked when a key came with them, and only then', () => {
    expect(operationOf({ ...client, keyed: true }, 'wrong')).toStrictEqual({
      op: 'o1',
      outcome: 'wrong',
      keyed: true,
    });
    expect(operationOf({ ...client, keyed: false }, 'wrong')).toStrictEqual({ op: 'o1', outcome: 'wrong' });
  });

  it('are found by their name', () => {
    const slot = aSlot({
      ops: [
        { ...aged(1), op: 'a' },
        { ...aged(1), op: 'b', outcome: 'approved' },
      ],
    });
    expect(remembered(slot, 'b')).toMatchObject({ outcome: 'approved' });
    expect(remembered(slot, 'c')).toBeUndefined();
  });
});

describe('a change of a slot', () => {
  const operation = { op: 'o1', outcome: 'wrong' };

  it('is remembered with its time, and drops what nobody asks for any more', () => {
    const slot = aSlot({ ops: [aged(60_000), aged(59_999)] });
    const { ops } = effect(slot, {}, { now: at(0), operation });
    expect(ops).toEqual([aged(59_999), { ...operation, at: at(0) }]);
  });

  it('adds its events to those that wait', () => {
    const event = eventOf(aRecord(), { type: 'canceled', at: at(0), actor: 'key:test' });
    const slot = aSlot({ outbox: [event] });
    expect(effect(slot, {}, { now: at(0), events: [event] }).outbox).toEqual([event, event]);
  });

  it('leaves operations and events the same when it has none', () => {
    const slot = aSlot({ ops: [aged(60_000)] });
    const next = effect(slot, { failures: 1 }, { now: at(0) });
    expect([next.ops === slot.ops, next.outbox === slot.outbox, next.failures]).toEqual([true, true, 1]);
  });

  // Catches: a slot that is deleted with a live code in it.
  it('calls off the deletion', () => {
    expect(effect(aSlot({ purgeAt: at(9) }), {}, { now: at(0) })).not.toHaveProperty('purgeAt');
  });

  it('counts its events on from the verification, and names no number in full', () => {
    const fields = { type: 'canceled', at: at(3), actor: 'key:test' } as const;
    const told = {
      type: 'canceled',
      verificationId: 'v1',
      at: at(3),
      actor: 'key:test',
      to: '+44*********00',
      data: {},
    };
    expect(eventOf(aRecord({ seq: 4 }), fields)).toEqual({ ...told, seq: 5 });
    expect(eventOf(aRecord({ seq: 4 }), { ...fields, offset: 2, data: { n: 1 } })).toEqual({
      ...told,
      seq: 6,
      data: { n: 1 },
    });
  });
});
