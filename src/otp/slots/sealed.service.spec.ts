import { mongo } from 'mongoose';
import { aKeyRing, secretsText } from '../../../test/builders/key-ring';
import type { Application } from '../../applications/application';
import type { ReadModelService } from '../relay/read-model/read-model.service';
import { ReaderService } from '../verifications/read/reader.service';
import { SealedService } from './sealed.service';
import type { SlotRepository } from './slot.repository';

const bothKeys = secretsText([{ kid: 'k1' }, { kid: 'k2' }]);

/** What an instance with a new key sealed, and an instance that has not read its secrets file since. */
function setup() {
  const sealed = new SealedService(aKeyRing({ text: bothKeys })).seal('k2', 's', 'v', '123456', {
    to: '+34610000000',
  });
  const file = { text: secretsText() };
  return { file, here: new SealedService(aKeyRing(file)), record: { id: 'v', kid: 'k2', ...sealed } };
}

describe('a key that another instance uses before this one has read it', () => {
  // Catches: `to: null` for up to 10 s in the answers of instances that have not read the ring again.
  it('is read when a verification is, so that the owner sees the number', async () => {
    const { file, here, record } = setup();
    file.text = bothKeys;
    const current = {
      ...record,
      status: 'pending',
      policy: { maxChecks: 5, codeLength: 6 },
      createdAt: new Date(),
      expiresAt: new Date(Date.now() + 60_000),
      deliveries: [],
    };
    const slot = { _id: 's', purpose: 'login', sends: [], current, past: [] };
    const slots = { findByVerification: async () => ({ slot, now: new Date() }) };
    const reader = new ReaderService(slots as unknown as SlotRepository, {} as ReadModelService, here);
    const answer = await reader.get({ settings: {} } as Application, 'v');
    expect(answer.to).toBe('+34610000000');
  });

  // Catches: 503 after the slot was written, to a caller who then repeats what was charged already.
  it('leaves a code closed, and is no error, while the file does not have it', async () => {
    const { here, record } = setup();
    await here.ready(record);
    expect(here.openCode('s', { ...record, sealed: new mongo.Binary(record.sealed.buffer) })).toBeNull();
  });
});
