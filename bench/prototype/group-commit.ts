/**
 * One batch in flight; while it is under way the next one gathers. A batch is one unordered `bulkWrite` and
 * one `find` for the operations that need an answer. No retries: an error fails the whole batch.
 */
import type { mongo } from 'mongoose';

export interface SlotState extends mongo.Document {
  readonly _id: string;
  readonly ids: string[];
  readonly ops: { op: string; outcome: string }[];
}

export interface SlotWrite {
  readonly op: string;
  readonly filter: { _id: string } | { ids: string };
  readonly update: mongo.Document[];
  readonly upsert?: boolean;
  /** Without an answer, the batch does not read the slot back. */
  readonly needsAnswer: boolean;
}

interface Waiting {
  readonly write: SlotWrite;
  resolve(outcome: string | null): void;
  reject(error: unknown): void;
}

const MAX_BATCH = 500;

const outcomeOf = (write: SlotWrite, slot: SlotState | undefined): string | null =>
  slot?.ops.find(({ op }) => op === write.op)?.outcome ?? null;

export class GroupCommit {
  private waiting: Waiting[] = [];
  private busy = false;

  constructor(private readonly slots: mongo.Collection<SlotState>) {}

  /** Resolves to the outcome, or null when the slot refused (or, without answer, once it is committed). */
  commit(write: SlotWrite): Promise<string | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ write, resolve, reject });
      if (!this.busy) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.busy = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MAX_BATCH);
      await this.run(batch).catch((error: unknown) => {
        for (const item of batch) item.reject(error);
      });
    }
    this.busy = false;
  }

  private async run(batch: readonly Waiting[]): Promise<void> {
    await this.slots.bulkWrite(
      batch.map(({ write }) => ({
        updateOne: { filter: write.filter, update: write.update, upsert: write.upsert ?? false },
      })),
      { ordered: false },
    );
    const bySlot = await this.read(batch.filter(({ write }) => write.needsAnswer));
    for (const { write, resolve } of batch) {
      resolve(outcomeOf(write, bySlot.get('_id' in write.filter ? write.filter._id : write.filter.ids)));
    }
  }

  /** The slots of these operations, under their key and under every verification id. */
  private async read(batch: readonly Waiting[]): Promise<Map<string, SlotState>> {
    const found = new Map<string, SlotState>();
    if (batch.length === 0) return found;
    const keys = batch.flatMap(({ write }) => ('_id' in write.filter ? [write.filter._id] : []));
    const ids = batch.flatMap(({ write }) => ('ids' in write.filter ? [write.filter.ids] : []));
    const either = [
      ...(keys.length > 0 ? [{ _id: { $in: keys } }] : []),
      ...(ids.length > 0 ? [{ ids: { $in: ids } }] : []),
    ];
    const projection = {
      ids: 1,
      ops: 1,
      now: '$$NOW',
      'current.status': 1,
      'current.expiresAt': 1,
      'current.checksUsed': 1,
    };
    const slots = await this.slots.find({ $or: either }, { projection }).toArray();
    for (const slot of slots) {
      found.set(slot._id, slot);
      for (const id of slot.ids) found.set(id, slot);
    }
    return found;
  }
}
