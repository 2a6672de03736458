import { mongo } from 'mongoose';
import { createConstants } from '../../../test/builders/slot.builder';
import { useDatabase } from '../../../test/support/mongo';
import { newId } from '../../common/ids';
import type { SlotDocument } from './slot';
import { SlotRepository } from './slot.repository';
import { SLOTS } from './slot.schema';

describe('slot repository', () => {
  const test = useDatabase();

  // Catches: two verifications of one id in a slot, when a job had removed the operation from `ops` meanwhile.
  it('finds what a create did although the slot has forgotten the operation', async () => {
    const slots = new SlotRepository(test.slotDb);
    const key = newId();
    const constants = createConstants();
    await slots.create(key, constants);
    const documents = test.slotDb.collection<SlotDocument>(SLOTS);
    const past = { ops: [], sends: [], 'current.expiresAt': new Date(0) };
    await documents.updateOne({ _id: key }, { $set: past });
    const answer = await slots.create(key, constants);
    expect(answer).toMatchObject({ ok: true, outcome: 'started' });
    expect(await documents.findOne({ _id: key })).toMatchObject({ ids: [constants.record.id], past: [] });
  });

  // Catches: a create answered 404 by a new primary whose majority does not show the write yet.
  it('never says of a create that there is no such verification', async () => {
    const nothing = { command: () => Promise.resolve({ cursor: { id: mongo.Long.ZERO, firstBatch: [] } }) };
    const slots = new SlotRepository(nothing as unknown as mongo.Db);
    await expect(slots.create(newId(), createConstants())).rejects.toMatchObject({ code: 'unavailable' });
  });
});
