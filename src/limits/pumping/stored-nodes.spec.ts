import fc from 'fast-check';
import { newNode, type Node } from './node';
import { StoredNodes } from './stored-nodes';

const amount = fc.double({ noNaN: true, noDefaultInfinity: true });
const aNode: fc.Arbitrary<Node> = fc.record({
  ...{ debt: amount, usual: amount, at: amount, blockedUntil: amount, strikes: amount },
  ...{ releasedAt: amount, sends: amount, conversions: amount },
});
/** Far enough apart for several rounds of growth. */
const puts = fc.array(fc.record({ place: fc.nat(3_000), node: aNode }), { minLength: 1, maxLength: 60 });

const fields = Object.keys(newNode(0)) as (keyof Node)[];
const read = (node: Node): Node => Object.fromEntries(fields.map((field) => [field, node[field]])) as never;

describe('stored nodes', () => {
  // Catches: two fields in one number, a node that reaches into the next one, what is lost when the array grows.
  it('are at every place what was put there last, field by field', () => {
    fc.assert(
      fc.property(puts, (all) => {
        const stored = new StoredNodes();
        const expected = new Map<number, Node>();
        for (const { place, node } of all) {
          stored.put(place, node);
          expected.set(place, node);
        }
        for (const [place, node] of expected) expect(read(stored.at(place))).toEqual(node);
      }),
    );
  });

  // Catches: a view that keeps the array it was made with.
  it('are the same for all who look at a place, also after others came', () => {
    const stored = new StoredNodes();
    const [first, again] = [stored.put(0, newNode(1)), stored.at(0)];
    stored.put(10_000, newNode(2));
    for (const field of fields) {
      first[field] += 1;
      expect([field, again[field]]).toEqual([field, first[field]]);
    }
    expect(read(stored.at(0))).toEqual({ ...read(newNode(1)), ...read(first) });
    expect(stored.at(0).at).toBe(2);
  });
});
