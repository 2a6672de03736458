import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import type { Actor } from '../../../access/principal';
import { AuditService } from '../../../audit/audit.service';
import { Clock } from '../../../common/clock';
import { inTransaction } from '../../../common/mongo/transaction';
import type { Block } from '../block';
import { blockEvent } from './block-event';
import { BlocksRepository, type Change } from './blocks.repository';
import { BlockLists } from '../memory/block-lists.service';

/** Gives null for what must not be stored. */
type Work = (change: Change) => Promise<Block | null>;

/** Changes of lists: each is stored together with its audit event, or not at all, and holds here when it resolves. */
@Injectable()
export class BlockChanges {
  private readonly logger = new Logger(BlockChanges.name);
  private readonly running = new Map<string, Promise<unknown>>();

  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly repository: BlocksRepository,
    private readonly lists: BlockLists,
    @Inject(AuditService) private readonly audit: Pick<AuditService, 'record'>,
    @Inject(Clock) private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** @returns as it is stored; null when there is no room */
  async put(block: Block, actor: Actor): Promise<Block | null> {
    return this.change(block.applicationId, (change) => this.store(block, actor, change));
  }

  /** @returns null when there is no such entry in force */
  async remove(applicationId: string, id: string, actor: Actor): Promise<Block | null> {
    return this.change(applicationId, async (change) => {
      const removed = await this.repository.remove(applicationId, id, change);
      if (removed) await this.record('block_removed', removed, actor, change);
      return removed;
    });
  }

  /**
   * A STOP: no end, and nothing to do where the number is blocked without one already. What cannot be stored for want
   * of room is told to the log alone: the gateway that knows of the STOP will refuse the next text as well.
   */
  async stop(block: Block): Promise<void> {
    const stored = await this.change(block.applicationId, async (change) => {
      const before = await this.repository.find(block.applicationId, block.id, change);
      if (before?.expiresAt === null) return before;
      return this.store(block, 'job:receipt', change);
    });
    if (!stored)
      this.logger.warn('a STOP found no room on the block list', { applicationId: block.applicationId });
  }

  private async store(block: Block, actor: Actor, change: Change): Promise<Block | null> {
    const stored = await this.repository.put(block, change);
    if (stored) await this.record('block_added', stored, actor, change);
    return stored;
  }

  /**
   * One at a time for each application: transactions that meet start again, and an import that makes many at once would
   * mostly do that. Those of other instances still meet.
   */
  private change(applicationId: string, work: Work): Promise<Block | null> {
    const before = this.running.get(applicationId) ?? Promise.resolve();
    const change = before.then(() => this.commit(applicationId, work));
    const settled = change
      .catch(() => undefined)
      .then(() => {
        if (this.running.get(applicationId) === settled) this.running.delete(applicationId);
      });
    this.running.set(applicationId, settled);
    return change;
  }

  private async commit(applicationId: string, work: Work): Promise<Block | null> {
    try {
      return await inTransaction(this.connection, async (session) => {
        const block = await work({ session, now: this.clock.now() });
        if (!block) throw new Unchanged();
        return block;
      });
    } catch (error) {
      if (error instanceof Unchanged) return null;
      throw error;
    } finally {
      // Also after a failure: the transaction may have been committed all the same.
      await this.lists.changed(applicationId);
    }
  }

  private record(
    type: 'block_added' | 'block_removed',
    block: Block,
    actor: Actor,
    { session, now }: Change,
  ): Promise<void> {
    const event = blockEvent(type, block, actor);
    return this.audit.record({ ...event, at: new Date(now) }, session);
  }
}

/** Ends a transaction without a change. */
class Unchanged extends Error {}
