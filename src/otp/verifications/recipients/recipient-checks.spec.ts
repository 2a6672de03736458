import { setTimeout as sleep } from 'node:timers/promises';
import { verificationsWorld as setup } from '../../../../test/support/verifications-world';
import { DomainError } from '../../../common/errors';

const to = '+41791234567';
const wrong = (code: string): string => (code === '000000' ? '111111' : '000000');
const no = { valid: false, verification: null, replayed: false };
const counting = (isBroken = () => false) => {
  const added: string[] = [];
  const admit = async () => {
    if (isBroken()) throw new DomainError('limit_reached', { rule: 'wrong_guesses' });
  };
  return { added, guesses: { admit, add: (applicationId: string) => void added.push(applicationId) } };
};

describe('a check by recipient', () => {
  it('is right with the code that is out there for the number and the purpose, once', async () => {
    const { otp, sms } = setup();
    const { id } = await otp.start({ to, purpose: 'door', digest: 'd' });
    const code = sms.lastCode();
    expect(await otp.checkRecipient({ to, code })).toEqual(no);
    expect(await otp.checkRecipient({ to, purpose: 'door', code })).toEqual(no);
    const guess = { to: '079 123 45 67', country: 'CH', purpose: 'door', code, digest: 'd' };
    const right = await otp.checkRecipient(guess);
    expect(right).toMatchObject({ valid: true, verification: { id, status: 'approved', to, digest: 'd' } });
    expect(await otp.checkRecipient(guess)).toEqual(no);
  });

  // Catches: any word, status or field that differs by whether a code is out there.
  it('answers alike to all that is not right, and says why in the audit log only', async () => {
    const { otp, sms, slots, refusals } = setup({ settings: { policy: { maxChecks: 2 } } });
    const purposes = ['never', 'wrong', 'ended', 'locked'];
    for (const purpose of purposes.slice(1)) await otp.start({ to, purpose });
    const code = sms.lastCode();
    for (const slot of slots.stored.values())
      if (slot.purpose === 'locked') slots.stored.set(slot._id, { ...slot, failures: 100 });
    await otp.cancel([...slots.stored.values()].find(({ purpose }) => purpose === 'ended')?.current.id ?? '');
    const before = slots.stored.size;
    for (const purpose of purposes)
      expect(await otp.checkRecipient({ to, purpose, code: wrong(code) })).toEqual(no);
    expect(await otp.checkRecipient({ to, purpose: 'locked', code })).toEqual(no);
    expect(slots.stored.size).toBe(before);
    const told = refusals.map(({ rule, purpose, to: whom, verificationId }) => [
      rule,
      purpose,
      whom,
      verificationId,
    ]);
    expect(told).toEqual([
      ['nothing_pending', 'never', '+41*******67', null],
      ['nothing_pending', 'ended', '+41*******67', null],
      ['recipient_locked', 'locked', '+41*******67', null],
      ['recipient_locked', 'locked', '+41*******67', null],
    ]);
  });

  // Catches: a no that comes at once where there is nothing to write. A busy machine only makes it later.
  it('says no after a tenth of a second at the earliest, whatever it met', async () => {
    const { otp, sms } = setup();
    await otp.start({ to });
    const code = sms.lastCode();
    for (const [whom, guess] of [
      [to, wrong(code)],
      ['+41791234568', code],
    ] as const) {
      const order: string[] = [];
      const timer = sleep(90).then(() => order.push('timer'));
      const answer = otp.checkRecipient({ to: whom, code: guess }).then(() => order.push('no'));
      await Promise.all([timer, answer]);
      expect(order).toEqual(['timer', 'no']);
    }
  });

  // Catches: guesses over many numbers, of which most meet nothing, that nobody counts.
  it('counts for its application whatever is not right, and stops with too many', async () => {
    let isBroken = false;
    const { added, guesses } = counting(() => isBroken);
    const { otp, sms } = setup({ guesses });
    await otp.start({ to });
    const code = sms.lastCode();
    await otp.checkRecipient({ to, code: wrong(code) });
    await otp.checkRecipient({ to: '+41791234568', code });
    expect(added).toEqual(['app', 'app']);
    isBroken = true;
    await expect(otp.checkRecipient({ to, code })).rejects.toMatchObject({ code: 'limit_reached' });
    isBroken = false;
    expect((await otp.checkRecipient({ to, code })).valid).toBe(true);
    expect(added).toHaveLength(2);
  });

  it('answers a repeat under its key as the first time, whatever has happened since', async () => {
    const { otp, sms } = setup();
    const [early, right] = [{ idempotencyKey: 'early' }, { idempotencyKey: 'right' }];
    const guess = { to, code: '123456' };
    expect(await otp.checkRecipient(guess, early)).toEqual(no);
    const { id } = await otp.start({ to });
    expect(await otp.checkRecipient(guess, early)).toEqual({ ...no, replayed: true });
    const code = sms.lastCode();
    await otp.checkRecipient({ to, code }, right);
    expect(await otp.checkRecipient({ to, code }, right)).toMatchObject({
      valid: true,
      replayed: true,
      verification: { id },
    });
    const other = otp.checkRecipient({ to: '+41791234568', code }, right);
    await expect(other).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('is refused for what is no number and for what is no code, before anything is charged', async () => {
    const { added, guesses } = counting();
    const { otp } = setup({ guesses });
    await expect(otp.checkRecipient({ to: '12', code: '123456' })).rejects.toMatchObject({
      code: 'phone_invalid',
    });
    await expect(otp.checkRecipient({ to, code: '12' })).rejects.toMatchObject({ code: 'invalid_request' });
    expect(added).toEqual([]);
  });
});
