import { debtHalfLifeMs, slotMs, slotsUntilDue } from './rules';
import { advanceWide, chargeWide, newWideNode, payWide, type WideNode } from './wide-node';

const SLOT = 1_000;
const AT = SLOT * slotMs;

/** A node of a country with so many messages in slots that follow each other. */
function waitingWith(debt: number, counts: readonly number[]): WideNode {
  const waiting = counts.map((count, i) => ({ slot: SLOT + i, count }));
  return { ...newWideNode(AT), debt, waiting };
}

const countsOf = ({ debt, waiting }: WideNode) => ({ debt, waiting: waiting.map(({ count }) => count) });

describe('a message at a wide node', () => {
  it('waits in the slot in which it was sent', () => {
    const node = newWideNode(AT + slotMs - 1);
    chargeWide(node, 1);
    expect(node).toMatchObject({ debt: 0, waiting: [{ slot: SLOT, count: 1 }] });
  });

  it('shares its slot with the others of the same time, and no other', () => {
    const node = newWideNode(AT);
    chargeWide(node, 1);
    chargeWide(node, 0.5);
    node.at += slotMs;
    chargeWide(node, 2);
    chargeWide(node, 1);
    expect(node.waiting).toEqual([
      { slot: SLOT, count: 1.5 },
      { slot: SLOT + 1, count: 3 },
    ]);
  });

  // Catches: an advertisement on television that looks like an attack.
  it('is owed from the moment its code could have been typed, not before', () => {
    const node = waitingWith(0, [2]);
    const due = AT + slotsUntilDue * slotMs;
    advanceWide(node, due - 1);
    expect(countsOf(node)).toEqual({ debt: 0, waiting: [2] });
    advanceWide(node, due);
    expect(countsOf(node)).toEqual({ debt: 2, waiting: [] });
  });

  it('is owed without those that were sent later', () => {
    const node = waitingWith(0, [2, 3, 5]);
    advanceWide(node, AT + (slotsUntilDue + 1) * slotMs);
    expect(countsOf(node)).toEqual({ debt: 5, waiting: [5] });
  });

  it('is owed in full, however old the debt before it', () => {
    const node = waitingWith(8, [3]);
    advanceWide(node, AT + debtHalfLifeMs);
    expect(countsOf(node)).toEqual({ debt: 4 + 3, waiting: [] });
  });
});

describe('a code that is typed at a wide node', () => {
  it('pays what is owed, and nothing else where that is more', () => {
    const node = waitingWith(5, [3]);
    payWide(node, 2);
    expect(countsOf(node)).toEqual({ debt: 3, waiting: [3] });
  });

  it('leaves what waits alone when it pays all that is owed to the last', () => {
    const node = waitingWith(2, [3]);
    payWide(node, 2);
    expect(countsOf(node)).toEqual({ debt: 0, waiting: [3] });
  });

  // Catches: quick people who pay for nobody, so that a busy hour ends in a block.
  it('pays what waits longest with what is left', () => {
    const node = waitingWith(4, [3, 2, 5, 7]);
    payWide(node, 10);
    expect(countsOf(node)).toEqual({ debt: 0, waiting: [0, 0, 4, 7] });
  });

  it('pays no more than there is', () => {
    const node = waitingWith(1, [2]);
    payWide(node, 100);
    expect(countsOf(node)).toEqual({ debt: 0, waiting: [0] });
  });
});
