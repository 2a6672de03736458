import { aKeyRing, secretsText } from '../../../../test/builders/key-ring';
import { snapshot } from '../../../../test/builders/verifications.builder';
import { verificationsWorld } from '../../../../test/support/verifications-world';
import type { ReadModelFilter, ReadModelService } from '../../relay/read-model/read-model.service';
import { SealedService } from '../../slots/sealed.service';
import type { SlotsService } from '../../slots/slots.service';
import { systemClock } from '../../../common/clock';
import { PhoneService } from '../../../phone/phone.service';
import { ReaderService } from './reader.service';

const to = '+41791234567';
const bothKeys = secretsText([{ kid: 'k1' }, { kid: 'k2' }]);

describe('a reader', () => {
  // Catches: `to: null` for up to 10 s in the answers of instances that have not read the ring again.
  it('reads the key ring again for a key that another instance uses before, so that the owner sees the number', async () => {
    const elsewhere = verificationsWorld({ keys: aKeyRing({ text: bothKeys }) });
    const { id } = await elsewhere.otp.start({ to });
    const file = { text: secretsText() };
    const { otp, slots } = verificationsWorld({ keys: aKeyRing(file) });
    for (const [slotId, slot] of elsewhere.slots.stored) slots.stored.set(slotId, slot);
    file.text = bothKeys;
    await expect(otp.read(id)).resolves.toMatchObject({ to });
  });

  it('reads from the slot what is past, and from the read model what the slot has reduced or forgotten', async () => {
    const settings = { policy: { whenPending: 'replace', cooldownSeconds: 0 } } as const;
    const { otp, slots, snapshots } = verificationsWorld({ settings });
    const { id } = await otp.start({ to });
    await otp.start({ to });
    await expect(otp.read(id)).resolves.toMatchObject({ status: 'superseded', to });
    const [slot] = slots.stored.values();
    const tombstone = { id, status: 'superseded', endedAt: slots.now, tombstone: true } as const;
    if (slot) slots.stored.set(slot._id, { ...slot, past: [tombstone] });
    await expect(otp.read(id)).rejects.toMatchObject({ code: 'verification_not_found' });
    snapshots.set(id, snapshot(id, { status: 'superseded', personal: null }));
    await expect(otp.read(id)).resolves.toMatchObject({ status: 'superseded', to: null });
  });

  it('lists by number, with a plus sign that was not encoded, under the key of the recipient', async () => {
    const asked: ReadModelFilter[] = [];
    const readModel = {
      list: async (_: string, filter: ReadModelFilter) => {
        asked.push(filter);
        return { items: [{ ...snapshot('v', { personal: null }), now: new Date() }], nextCursor: 'next' };
      },
    } as unknown as ReadModelService;
    const keys = aKeyRing();
    const phones = new PhoneService({ defaultCountry: null }, systemClock);
    const reader = new ReaderService({} as SlotsService, readModel, new SealedService(keys), phones, keys);
    const page = await reader.list('app', { to: ` ${to.slice(1)}`, status: 'pending' });
    expect(page).toMatchObject({ items: [{ id: 'v' }], nextCursor: 'next' });
    expect(asked).toEqual([{ status: 'pending', limit: 50, recipient: keys.recipientKey('app', to) }]);
    await expect(reader.list('app', { to: 'x' })).rejects.toMatchObject({ code: 'phone_invalid' });
  });
});
