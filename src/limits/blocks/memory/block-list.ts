import { networkOf, readIpAddress, type IpAddress } from '../../../common/ip-address';
import { withoutTunnel } from '../../client-ip';
import { blockKinds, isInForce, type Block, type BlockKind, type ListName } from '../block';

/** What is known of a send. HMACs are made only where a list has entries of their kind. */
export interface Subject {
  readonly e164: string;
  readonly country: string | null;
  readonly clientIp: string | null;
  numberKey(): string;
  /** Null without a device. */
  deviceKey(): string | null;
}

type Pair = Partial<Record<ListName, Block>>;

/** `ipv4/24`: how large the blocks of addresses are that stand in the list. */
interface Size {
  readonly kind: ReturnType<IpAddress['kind']>;
  readonly bits: number;
}

/**
 * The entries of one application, in memory. Whatever their number, a send costs one look-up for each kind, each
 * length of a prefix and each size of a network that is in use.
 */
export class BlockList {
  private readonly byId = new Map<string, Block>();
  private readonly byKey: Readonly<Record<BlockKind, Map<string, Pair>>> = {
    number: new Map(),
    device: new Map(),
    ip: new Map(),
    prefix: new Map(),
    country: new Map(),
  };
  /** Of what is in the list, the longest first; null: to be found anew. */
  private sizes: readonly Size[] | null = null;

  get size(): number {
    return this.byId.size;
  }

  put(block: Block): void {
    this.byId.set(block.id, block);
    const pairs = this.byKey[block.kind];
    pairs.set(block.key, { ...pairs.get(block.key), [block.list]: block });
    this.sizes = null;
  }

  remove(id: string): void {
    const block = this.byId.get(id);
    if (!block) return;
    this.byId.delete(id);
    const pairs = this.byKey[block.kind];
    const { block: blocking, allow } = pairs.get(block.key) ?? {};
    const rest = block.list === 'block' ? allow : blocking;
    if (rest) pairs.set(block.key, { [rest.list]: rest });
    else pairs.delete(block.key);
    this.sizes = null;
  }

  /** Forgets those that have ended. */
  prune(now: number): void {
    for (const block of this.byId.values()) if (!isInForce(block, now)) this.remove(block.id);
  }

  /**
   * The entry that decides: the narrowest that fits and is in force, and of two for the same value the one that
   * blocks. Null: nothing is said of this send.
   */
  find(subject: Subject, now: number): Block | null {
    if (this.size === 0) return null;
    for (const kind of blockKinds) {
      const pairs = this.byKey[kind];
      if (pairs.size === 0) continue;
      for (const key of this.keysOf(kind, subject)) {
        const { block, allow } = pairs.get(key) ?? {};
        const found = [block, allow].find((one) => one && isInForce(one, now));
        if (found) return found;
      }
    }
    return null;
  }

  /** Under which keys entries of this kind may fit, the narrowest first. */
  private keysOf(kind: BlockKind, subject: Subject): Iterable<string> {
    switch (kind) {
      case 'number':
        return [subject.numberKey()];
      case 'device':
        return orNone(subject.deviceKey());
      case 'ip':
        return this.networksOf(subject.clientIp);
      case 'prefix':
        return prefixesOf(subject.e164);
      case 'country':
        return orNone(subject.country);
    }
  }

  private networksOf(clientIp: string | null): readonly string[] {
    const read = clientIp === null ? null : readIpAddress(clientIp);
    if (!read) return [];
    const bare = withoutTunnel(read);
    const addresses = bare === read ? [read] : [bare, read];
    return addresses.flatMap((address) =>
      this.sizesInUse()
        .filter(({ kind }) => kind === address.kind())
        .map(({ bits }) => `${networkOf(address, bits)}/${bits}`),
    );
  }

  private sizesInUse(): readonly Size[] {
    this.sizes ??= [...new Set([...this.byKey.ip.keys()].map((range) => sizeKey(range)))]
      .map((key) => sizeOf(key))
      .sort((a, b) => b.bits - a.bits);
    return this.sizes;
  }
}

const orNone = (key: string | null): readonly string[] => (key === null ? [] : [key]);

function* prefixesOf(e164: string): Iterable<string> {
  for (let length = e164.length; length >= 2; length--) yield e164.slice(0, length);
}

const sizeKey = (range: string): string => {
  const [network = '', bits = ''] = range.split('/');
  return `${network.includes(':') ? 'ipv6' : 'ipv4'}/${bits}`;
};

function sizeOf(key: string): Size {
  const [kind, bits] = key.split('/');
  return { kind: kind === 'ipv6' ? 'ipv6' : 'ipv4', bits: Number(bits) };
}
