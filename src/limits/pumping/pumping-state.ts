/**
 * What the guard knows: a fold of the log's entries, in the log's order. Every process that reads the same entries
 * comes to the same state, whatever its own clock says.
 */
import { conversionOf, type Node } from './node';
import { NodeTable } from './node-table';
import { isOutage, type Pulse, RangePulses, together } from './pulse';
import { KnownRecipients } from './recipients';
import {
  type Capacity,
  capacity as usualCapacity,
  knownAfter,
  mostCountryWeight,
  outageCheckMs,
} from './rules';
import { newWideNode, type WideNode } from './wide-node';

/** A country: its own node, and whether codes arrive there. */
export interface Country {
  readonly node: WideNode;
  readonly ranges: RangePulses;
  pulse: Pulse;
  isDown: boolean;
  checkedAt: number;
}

/** A block that began or ended. */
export interface BlockChange {
  readonly type: 'prefix_blocked' | 'prefix_released';
  readonly level: 'prefix1k' | 'prefix10k' | 'operator' | 'country' | 'application';
  /** Digits of a prefix, a country's code or an application's id. */
  readonly key: string;
  readonly at: number;
  /** When it will end on its own; of a release, when it would have. */
  readonly until: number;
  readonly debt: number;
  readonly window: number;
}

/** What is blocked now, so that it can be released without looking at everything. */
export interface OpenBlock extends BlockChange {
  readonly node: Node;
}

export class PumpingState {
  /** Never goes back: entries of a clock that did count as if it stood still. */
  now = 0;
  readonly prefix1k: NodeTable;
  readonly prefix10k: NodeTable;
  readonly operator: NodeTable;
  readonly recipients: KnownRecipients;
  readonly open = new Map<string, OpenBlock>();
  /** The earliest end of a block. */
  nextRelease = Infinity;
  private readonly countries = new Map<string, Country>();
  private readonly forgotten: BlockChange[] = [];
  private readonly applications = new Map<string, WideNode>();

  constructor(readonly capacity: Capacity = usualCapacity) {
    const tableOf = (level: 'prefix1k' | 'prefix10k' | 'operator'): NodeTable =>
      new NodeTable(capacity[level], (key) => this.forget(`${level}:${key}`));
    this.prefix1k = tableOf('prefix1k');
    this.prefix10k = tableOf('prefix10k');
    this.operator = tableOf('operator');
    this.recipients = new KnownRecipients(capacity.recipients);
  }

  /** Blocks whose node had to go since the last call: whoever is not here counts as indebted, so nothing is lost. */
  takeForgotten(): BlockChange[] {
    return this.forgotten.splice(0);
  }

  private forget(id: string): void {
    const opened = this.open.get(id);
    if (!opened) return;
    this.open.delete(id);
    const { node, ...block } = opened;
    // In its place another node stands from now on.
    this.forgotten.push({ ...block, debt: node.debt });
  }

  /** There are about 250 of them, so they need no bound. */
  country(code: string): Country {
    const known = this.countries.get(code);
    if (known) return known;
    const country = {
      node: newWideNode(this.now),
      ranges: new RangePulses(this.capacity.rangesPerCountry, this.now),
      ...{ pulse: { expected: 0, typed: 0 }, isDown: false, checkedAt: 0 },
    };
    this.countries.set(code, country);
    return country;
  }

  peekCountry(code: string): Country | undefined {
    return this.countries.get(code);
  }

  /** Only those that exist send, so an attacker cannot make more of them; the bound is for what nobody thought of. */
  application(id: string): WideNode {
    const known = this.applications.get(id);
    if (known) return known;
    if (this.applications.size >= this.capacity.applications) {
      const oldest = this.applications.keys().next().value;
      if (oldest !== undefined) this.applications.delete(oldest);
    }
    const node = newWideNode(this.now);
    this.applications.set(id, node);
    return node;
  }

  peekApplication(id: string): WideNode | undefined {
    return this.applications.get(id);
  }

  /** Looks again now and then. A country with too little traffic to say so follows all the others. */
  lookForOutage(country: Country): void {
    if (this.now - country.checkedAt < outageCheckMs) return;
    country.checkedAt = this.now;
    country.pulse = country.ranges.pulse(this.now, conversionOf(country.node));
    const all = together(
      [...this.countries.values()].map(({ pulse }) => pulse),
      mostCountryWeight,
    );
    country.isDown =
      isOutage(country.pulse, country.isDown) || (isFaint(country.pulse) && isOutage(all, false));
  }

  /** Share of codes that people type in a range, as far as it is known. */
  conversionAt(operator: Node | undefined, country: Country | undefined): number {
    const wider = country && conversionOf(country.node);
    return operator ? conversionOf(operator, wider) : (wider ?? conversionOf({ sends: 0, conversions: 0 }));
  }
}

/** Below it even silence proves nothing. */
const FAINT = 9;
const isFaint = (pulse: Pulse): boolean => pulse.expected < FAINT;

export const isSuspect = (country: Country | undefined): boolean =>
  !country || country.node.conversions < knownAfter;
