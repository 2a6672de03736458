/** Nodes of one level, at most so many. What has to be forgotten makes the others' debt larger, never smaller. */
import { decayed } from './decay';
import { debtAt, isBlocked, newNode, type Node } from './node';
import { debtHalfLifeMs } from './rules';
import { StoredNodes } from './stored-nodes';

/** Looked at for the one to forget. */
const CANDIDATES = 8;

/**
 * "Space saving": a node that is not here may have been forgotten with up to `forgottenDebt`, so that is what it starts
 * with. The counts are therefore at least those of a table without bounds. The least indebted of a few goes, so that
 * this debt stays near what is unpaid in all divided by the places.
 */
export class NodeTable {
  private readonly places = new Map<number, number>();
  private readonly nodes = new StoredNodes();
  /** By place, to draw from. */
  private readonly keys: number[] = [];
  private forgotten = { debt: 0, at: 0 };
  /** Drawn from the same numbers in every process: the fold has to come to the same everywhere. */
  private draw = 1;

  /** @param onForgotten hears of each node that has to go, while it still can be read */
  constructor(
    private readonly capacity: number,
    private readonly onForgotten: (key: number) => void,
  ) {}

  get size(): number {
    return this.places.size;
  }

  /** What it returns is another key's node once this one has been forgotten: to be read at once. */
  peek(key: number): Node | undefined {
    const place = this.places.get(key);
    return place === undefined ? undefined : this.nodes.at(place);
  }

  /** Debt that a node which is not here may have had. */
  forgottenDebt(now: number): number {
    return decayed(this.forgotten.debt, now - this.forgotten.at, debtHalfLifeMs);
  }

  /** The same, made when it is not here; valid until `onForgotten` hears of the key. */
  at(key: number, now: number): Node {
    const known = this.peek(key);
    if (known) return known;
    const place = this.size < this.capacity ? this.keys.length : this.forgetOne(now);
    this.keys[place] = key;
    this.places.set(key, place);
    return this.nodes.put(place, newNode(now, this.forgottenDebt(now)));
  }

  /** @returns its place */
  private forgetOne(now: number): number {
    let [place, least] = [0, Infinity];
    for (let i = 0; i < CANDIDATES; i += 1) {
      const candidate = this.drawPlace();
      const debt = this.weightOf(candidate, now);
      if (debt < least || i === 0) [place, least] = [candidate, debt];
    }
    const key = this.keys[place] as number;
    const debt = Math.max(this.forgottenDebt(now), debtAt(this.nodes.at(place), now));
    this.forgotten = { debt, at: now };
    this.places.delete(key);
    this.onForgotten(key);
    return place;
  }

  /** A blocked node goes last. */
  private weightOf(place: number, now: number): number {
    const node = this.nodes.at(place);
    return isBlocked(node, now) ? Infinity : debtAt(node, now);
  }

  private drawPlace(): number {
    this.draw = (Math.imul(this.draw, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.draw / 2 ** 32) * this.keys.length);
  }
}
