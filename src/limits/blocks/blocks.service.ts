import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../../access/principal';
import { Clock } from '../../common/clock';
import { DomainError } from '../../common/errors';
import { toPage, type Page, type PagePosition } from '../../common/page-cursor';
import { invalidField } from '../../common/validation';
import { KeyRing } from '../../keys/key-ring.service';
import { maskNumber } from '../../phone/phone-number';
import { PhoneService } from '../../phone/phone.service';
import { blockLists, MAX_BLOCKS, STOP, type Block, type BlockKind, type ListName } from './block';
import { BlockChanges } from './store/block-changes.service';
import { blockId, deviceKey } from './values/block-keys';
import {
  readCountry,
  readPrefix,
  readRange,
  shownRange,
  tellsNumber,
  type ReadValue,
} from './values/block-value';
import { BlocksRepository } from './store/blocks.repository';

/** Who calls. */
export interface BlocksCaller {
  readonly applicationId: string;
  readonly actor: Actor;
}

/** What an entry is about, as a client writes it. */
export interface BlockTarget {
  readonly kind: BlockKind;
  readonly value: string;
}

export interface NewBlock extends BlockTarget {
  readonly list: ListName;
  readonly reason: string;
  readonly expiresAt?: Date | null | undefined;
}

export interface BlocksPageQuery {
  readonly list?: ListName | undefined;
  readonly kind?: BlockKind | undefined;
  readonly limit: number;
  readonly cursor?: PagePosition | undefined;
}

/** What a gateway said of a person. */
export interface Stop {
  readonly applicationId: string;
  /** HMAC of (application, number), as the key ring makes it. */
  readonly recipient: string;
  /** Null: nobody knows it any more. */
  readonly masked: string | null;
  readonly author: `receipt:${string}` | `gateway:${string}`;
}

/** The lists of an application as its owner sees them. */
@Injectable()
export class BlocksService {
  constructor(
    private readonly changes: BlockChanges,
    private readonly repository: BlocksRepository,
    private readonly phones: PhoneService,
    private readonly keys: KeyRing,
    @Inject(Clock) private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /**
   * Puts an entry on a list, or another reason and end to the one that is there.
   * @throws DomainError `invalid_request`, `phone_invalid`, naming `value` or `reason`
   */
  async create({ applicationId, actor }: BlocksCaller, ask: NewBlock): Promise<Block> {
    const { list, kind, reason, expiresAt = null } = ask;
    const named = this.named(applicationId, ask);
    if (named.national && tellsNumber(reason, named.national))
      throw invalidField('reason', 'Leave out the number: it is not kept in clear.');
    const id = blockId(this.keys, { applicationId, list, kind, key: named.key });
    const { key, shown } = named;
    const createdAt = new Date(this.clock.now());
    const fields = { id, applicationId, list, kind, key, shown, reason, createdAt, expiresAt };
    const stored = await this.changes.put({ ...fields, origin: 'api', author: actor }, actor);
    if (stored) return stored;
    throw invalidField(
      'value',
      `The lists of an application hold ${MAX_BLOCKS.api} entries. Remove some, or use a prefix, a network or a country.`,
    );
  }

  /** @throws DomainError `not_found`, for another application's id too */
  async get({ applicationId }: BlocksCaller, id: string): Promise<Block> {
    return found(await this.repository.find(applicationId, id, { now: this.clock.now() }));
  }

  /** @throws DomainError `not_found` */
  async remove({ applicationId, actor }: BlocksCaller, id: string): Promise<void> {
    found(await this.changes.remove(applicationId, id, actor));
  }

  async list(
    { applicationId }: BlocksCaller,
    { limit, cursor, ...filter }: BlocksPageQuery,
  ): Promise<Page<Block>> {
    const query = { applicationId, ...filter, after: cursor ?? null, limit: limit + 1 };
    return toPage(await this.repository.list(query, this.clock.now()), limit);
  }

  /**
   * The entries for exactly this value: at most one of each list.
   * @throws DomainError `invalid_request`, `phone_invalid`, naming `value`
   */
  async lookup({ applicationId }: BlocksCaller, target: BlockTarget): Promise<Block[]> {
    const { key } = this.named(applicationId, target);
    const ids = blockLists.map((list) => blockId(this.keys, { applicationId, list, kind: target.kind, key }));
    const now = this.clock.now();
    const blocks = await Promise.all(ids.map((id) => this.repository.find(applicationId, id, { now })));
    return blocks.filter((block) => block !== null);
  }

  /** Idempotent; durable when it resolves. */
  async stop({ applicationId, recipient, masked, author }: Stop): Promise<void> {
    const entry = { applicationId, list: 'block', kind: 'number', key: recipient } as const;
    const id = blockId(this.keys, entry);
    const createdAt = new Date(this.clock.now());
    const fields = { shown: masked, reason: STOP, origin: STOP, author, createdAt, expiresAt: null } as const;
    await this.changes.stop({ id, ...entry, ...fields });
  }

  private named(
    applicationId: string,
    { kind, value }: BlockTarget,
  ): Pick<Block, 'key' | 'shown'> & { readonly national?: string } {
    switch (kind) {
      case 'number':
        return this.namedNumber(applicationId, value);
      case 'device':
        return { key: deviceKey(this.keys, applicationId, value), shown: null };
      case 'ip': {
        const key = valid(readRange(value));
        return { key, shown: shownRange(key) };
      }
      case 'prefix':
        return inClear(readPrefix(value));
      case 'country':
        return inClear(readCountry(value));
    }
  }

  private namedNumber(applicationId: string, value: string) {
    const number = this.phones.canonical({ to: value }, 'value');
    const { e164, callingCode } = number;
    const national = e164.slice(1 + callingCode.length);
    return { key: this.keys.recipientKey(applicationId, e164), shown: maskNumber(number), national };
  }
}

function inClear(read: ReadValue): Pick<Block, 'key' | 'shown'> {
  const key = valid(read);
  return { key, shown: key };
}

function valid(read: ReadValue): string {
  if ('problem' in read) throw invalidField('value', read.problem);
  return read.value;
}

function found(block: Block | null): Block {
  if (block) return block;
  throw new DomainError('not_found', { detail: 'There is no such entry in force.' });
}
