/**
 * The numbers of very many nodes, side by side in one array: 64 bytes each. In objects of their own each number that is
 * no small integer has a box, and the garbage collector walks over all of them.
 */
import type { Node } from './node';

const FIELDS = 8;
const FEWEST = 256;

export class StoredNodes {
  /** Grows, so nobody but this file may hold it. */
  numbers = new Float64Array(FEWEST * FIELDS);

  /** A node at a place: what is changed there is changed for all who look at the same place. */
  at(place: number): Node {
    return new StoredNode(this, place * FIELDS);
  }

  put(place: number, node: Node): Node {
    this.makeRoom(place);
    return Object.assign(this.at(place), node);
  }

  private makeRoom(place: number): void {
    let length = this.numbers.length;
    while (length < (place + 1) * FIELDS) length *= 2;
    if (length === this.numbers.length) return;
    const larger = new Float64Array(length);
    larger.set(this.numbers);
    this.numbers = larger;
  }
}

class StoredNode implements Node {
  constructor(
    private readonly nodes: StoredNodes,
    private readonly first: number,
  ) {}

  get debt(): number {
    return this.read(0);
  }
  set debt(value: number) {
    this.write(0, value);
  }

  get usual(): number {
    return this.read(1);
  }
  set usual(value: number) {
    this.write(1, value);
  }

  get at(): number {
    return this.read(2);
  }
  set at(value: number) {
    this.write(2, value);
  }

  get blockedUntil(): number {
    return this.read(3);
  }
  set blockedUntil(value: number) {
    this.write(3, value);
  }

  get strikes(): number {
    return this.read(4);
  }
  set strikes(value: number) {
    this.write(4, value);
  }

  get releasedAt(): number {
    return this.read(5);
  }
  set releasedAt(value: number) {
    this.write(5, value);
  }

  get sends(): number {
    return this.read(6);
  }
  set sends(value: number) {
    this.write(6, value);
  }

  get conversions(): number {
    return this.read(7);
  }
  set conversions(value: number) {
    this.write(7, value);
  }

  private read(field: number): number {
    return this.nodes.numbers[this.first + field] as number;
  }

  private write(field: number, value: number): void {
    this.nodes.numbers[this.first + field] = value;
  }
}
