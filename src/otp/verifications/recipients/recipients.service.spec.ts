import { aKeyRing } from '../../../../test/builders/key-ring';
import { FakeSlots } from '../../../../test/fakes/slots.fake';
import { aRecord, aSlot } from '../../../../test/builders/slot-state.builder';
import { aContext } from '../../../../test/support/verifications-world';
import { systemClock } from '../../../common/clock';
import type { CountsService } from '../../../limits/counts/counts.service';
import { PhoneService } from '../../../phone/phone.service';
import type { Slot } from '../../slots/slot';
import { RecipientsService } from './recipients.service';

const to = '+41791234567';
const context = aContext('app', { purposes: { login: { sends: { max: 3 } } } });

function setup(slot: Partial<Slot> = {}) {
  const keys = aKeyRing();
  const slots = new FakeSlots();
  const name = keys.slotName('app', 'login', to);
  slots.stored.set(name._id, aSlot({ ...name, current: aRecord(), ...slot }));
  const phones = new PhoneService({ defaultCountry: null }, systemClock);
  const counts = { clear: async () => undefined } as unknown as CountsService;
  return { recipients: new RecipientsService(slots.asService(), keys, phones, counts), slots, name };
}

describe('a recipient', () => {
  it('that was never seen has nothing', async () => {
    const { recipients } = setup();
    const nothing = { failures: 0, lockedUntil: null, sends: { used: 0, max: 5, nextAt: null } };
    await expect(recipients.lookup(context, { to })).resolves.toEqual(nothing);
    await expect(recipients.unlock(context, { to })).resolves.toBeUndefined();
  });

  it('shows failures, lock and sends by the rules of its purpose', async () => {
    const { recipients, slots } = setup();
    const { now } = slots;
    const lockedUntil = new Date(now.getTime() + 30_000);
    const locked = setup({ failures: 10, lockedUntil, sends: [now] });
    await expect(locked.recipients.lookup(context, { to, purpose: 'login' })).resolves.toEqual({
      failures: 10,
      lockedUntil,
      sends: { used: 1, max: 3, nextAt: lockedUntil },
    });
    await expect(recipients.lookup(context, { to, purpose: 'login' })).resolves.toMatchObject({
      failures: 0,
    });
  });

  it('has no end of the lock to show when only an unlock ends it', async () => {
    const { recipients } = setup({ failures: 100 });
    const shown = await recipients.lookup(context, { to, purpose: 'login' });
    expect(shown).toMatchObject({ failures: 100, lockedUntil: null });
  });

  it('shows none at 90 where a device is known, though the last delay has not passed', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000);
    const { recipients } = setup({ failures: 90, lockedUntil: inAnHour, devices: ['d'] });
    const shown = await recipients.lookup(context, { to, purpose: 'login' });
    expect(shown).toMatchObject({ failures: 90, lockedUntil: null });
  });

  it('is forgiven by an unlock', async () => {
    const { recipients, slots, name } = setup({ failures: 100 });
    await recipients.unlock(context, { to, purpose: 'login' });
    expect(slots.stored.get(name._id)).toMatchObject({
      failures: 0,
      outbox: [{ type: 'unlocked', actor: 'key:key' }],
    });
  });

  // Catches: a look-up by the short name alone, which two recipients may share.
  it('is not another one whose slot has the same name', async () => {
    const { recipients, slots, name } = setup({ failures: 100, key: 'of somebody else' });
    const shown = await recipients.lookup(context, { to, purpose: 'login' });
    expect(shown).toMatchObject({ failures: 0, sends: { used: 0 } });
    await recipients.unlock(context, { to, purpose: 'login' });
    expect(slots.stored.get(name._id)).toMatchObject({ failures: 100 });
  });
});
