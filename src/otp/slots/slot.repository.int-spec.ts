import { mongo } from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConstants } from '../../../test/builders/slot.builder';
import { useDatabase } from '../../../test/support/mongo';
import { newId } from '../../common/ids';
import type { SlotDocument } from './slot';
import { SlotRepository } from './slot.repository';
import { SLOTS } from './slot.schema';

/** Everybody has written when the first one reads. */
function readingLate(db: mongo.Db): mongo.Db {
  const command = async (document: mongo.BSON.Document) => {
    if ('find' in document) await sleep(400);
    return db.command(document);
  };
  return { command } as unknown as mongo.Db;
}

describe('slot repository', () => {
  const test = useDatabase();

  // Catches: two verifications of one id in a slot, when a job had removed the operation from `ops` meanwhile.
  it('finds what a create did although the slot has forgotten the operation', async () => {
    const slots = new SlotRepository(test.durableDb);
    const key = newId();
    const constants = createConstants();
    await slots.create(key, constants);
    const documents = test.durableDb.collection<SlotDocument>(SLOTS);
    const past = { ops: [], sends: [], 'current.expiresAt': new Date(0) };
    await documents.updateOne({ _id: key }, { $set: past });
    const answer = await slots.create(key, constants);
    expect(answer).toMatchObject({ ok: true, outcome: 'started' });
    expect(await documents.findOne({ _id: key })).toMatchObject({ ids: [constants.record.id], past: [] });
  });

  // Catches: operations crowded out of `ops` before they were read back, and then refused or run a second time.
  it('knows the outcome of every operation when four instances meet on one slot', async () => {
    const instances = Array.from({ length: 4 }, () => new SlotRepository(readingLate(test.durableDb)));
    const key = newId();
    const rules = { cooldownMs: 0, sendsMax: 100 };
    const create = (slots: SlotRepository) => slots.create(key, createConstants(rules));
    await create(instances[0]!);
    const calls = instances.flatMap((slots) => Array.from({ length: 40 }, () => create(slots)));
    const answers = await Promise.all(calls);
    expect(answers.filter((answer) => answer.ok)).toHaveLength(99);
    const slot = await test.durableDb.collection<SlotDocument>(SLOTS).findOne({ _id: key });
    expect(new Set(slot?.current.deliveries.map(({ id }) => id)).size).toBe(100);
  });

  // Catches: a create answered 404 by a new primary whose majority does not show the write yet.
  it('never says of a create that there is no such verification', async () => {
    const nothing = { command: () => Promise.resolve({ cursor: { id: mongo.Long.ZERO, firstBatch: [] } }) };
    const slots = new SlotRepository(nothing as unknown as mongo.Db);
    await expect(slots.create(newId(), createConstants())).rejects.toMatchObject({ code: 'unavailable' });
  });
});
