/** Lists of an application: what it does not send to, and what it sends to whatever the other list says. */
import type { Actor } from '../../access/principal';

export const blockLists = ['block', 'allow'] as const;
export type ListName = (typeof blockLists)[number];

/** From the narrowest to the broadest: the narrowest entry that fits a send decides. */
export const blockKinds = ['number', 'device', 'ip', 'prefix', 'country'] as const;
export type BlockKind = (typeof blockKinds)[number];

/** Who put it there: a key of the application, or what a gateway said of the person. */
export type BlockAuthor = Actor | `receipt:${string}` | `gateway:${string}`;

/** `stop`: the person asked for it. These have room of their own, so that no import of an application crowds them out. */
export const blockOrigins = ['api', 'stop'] as const;
export type BlockOrigin = (typeof blockOrigins)[number];
export const STOP = 'stop';

/** One entry of a list. There is one for each list, kind and value of an application. */
export interface Block {
  /** Made of application, list, kind and value: the same value has the same id again. */
  readonly id: string;
  readonly applicationId: string;
  readonly list: ListName;
  readonly kind: BlockKind;
  /** What a send is compared with: an HMAC for numbers and devices, else the value in its canonical form. */
  readonly key: string;
  /** What may be shown of the value: a number is masked, and of a device nothing is left. */
  readonly shown: string | null;
  /** The words of whoever put it there; `stop` for a STOP. */
  readonly reason: string;
  readonly origin: BlockOrigin;
  readonly author: BlockAuthor;
  readonly createdAt: Date;
  /** Null: it does not end by itself. */
  readonly expiresAt: Date | null;
}

/** Entries per application. Every instance keeps those of the applications in use in memory, 1,000 in half a megabyte. */
export const MAX_BLOCKS: Readonly<Record<BlockOrigin, number>> = { api: 10_000, stop: 50_000 };

/** @param now milliseconds since the epoch */
export function isInForce({ expiresAt }: Pick<Block, 'expiresAt'>, now: number): boolean {
  return expiresAt === null || now < expiresAt.getTime();
}
