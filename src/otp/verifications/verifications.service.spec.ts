import { snapshot } from '../../../test/builders/verifications.builder';
import { aContext, verificationsWorld as setup } from '../../../test/support/verifications-world';
import { aKeyRing, secretsText } from '../../../test/builders/key-ring';
import { DomainError, unavailable } from '../../common/errors';

const to = '+41791234567';
const wrong = (code: string): string => (code === '000000' ? '111111' : '000000');

describe('a verification', () => {
  it('is approved with the code that was sent', async () => {
    const { otp, sms } = setup();
    const { id } = await otp.start({ to });
    await expect(otp.check(id, sms.lastCode())).resolves.toMatchObject({ status: 'approved' });
  });

  // Catches: a payee that a stranger named, shown as a link beside the code.
  it('is not started for a payee with a link, unless the application allows links', async () => {
    const transaction = { amount: '49.90', currency: 'EUR', payee: 'Shop https://evil.example' };
    const { otp, sms } = setup();
    await expect(otp.start({ to, transaction })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { errors: [{ path: 'transaction.payee' }] },
    });
    expect(sms.lastCode()).toBe('none was sent');
    const free = setup({ settings: { allowLinks: true } });
    await expect(free.otp.start({ to, transaction })).resolves.toMatchObject({ status: 'pending' });
  });

  // Catches: a digest that is stored and not compared, or compared only when both sides have one.
  it('with a digest is right only in a check with exactly this one, and shows it', async () => {
    const { service, context, otp, sms } = setup({ settings: { policy: { maxChecks: 10 } } });
    const digest = 'sha256:9f86d081\u0000\u202e https://files.example/contract.pdf';
    const bound = await otp.start({ to, digest });
    expect(bound.digest).toBe(digest);
    const code = sms.lastCode();
    for (const other of [undefined, '', `${digest} `, digest.toUpperCase()])
      await expect(service.check(context, bound.id, { code, digest: other })).resolves.toMatchObject({
        valid: false,
        digest,
      });
    const transaction = { amount: '1', currency: 'EUR', payee: 'Shop' };
    const both = service.check(context, bound.id, { code, digest, transaction });
    await expect(both).resolves.toMatchObject({ valid: false });
    await expect(service.check(context, bound.id, { code, digest })).resolves.toMatchObject({ valid: true });
    const free = await otp.start({ to, purpose: 'login' });
    const guess = { code: sms.lastCode(), digest };
    await expect(service.check(context, free.id, guess)).resolves.toMatchObject({ valid: false });
  });

  // Catches: a person who signs a document with the code that was sent for another one.
  it('with another digest takes the place of the pending one, and never joins it', async () => {
    const { otp, slots } = setup();
    const first = await otp.start({ to, digest: 'one' });
    slots.pass(30_000);
    await expect(otp.start({ to, digest: 'one' })).resolves.toMatchObject({ outcome: 'joined' });
    for (const digest of ['other', undefined, 'one']) {
      slots.pass(30_000);
      await expect(otp.start({ to, digest })).resolves.toMatchObject({ outcome: 'started' });
    }
    expect(await otp.read(first.id)).toMatchObject({ status: 'superseded', digest: 'one' });
  });

  // Catches: a link or a forged line that a client has put into its digest, beside a code.
  it('is not started for a digest that a template would show, and that nobody may be shown', async () => {
    const templates = [{ purpose: 'signature', text: '{code} signs {digest}' }];
    const { otp } = setup({ settings: { templates } });
    for (const digest of ['see evil.example', 'two\nlines', 'a\u202eb', ' ', 'x'.repeat(71)]) {
      await expect(otp.start({ to, purpose: 'signature', digest })).rejects.toMatchObject({
        code: 'invalid_request',
        details: { errors: [{ path: 'digest' }] },
      });
      const unshown = otp.start({ to, purpose: `unshown-${digest.length}`, digest });
      await expect(unshown).resolves.toMatchObject({ digest });
    }
    const digest = 'f'.repeat(64);
    await expect(otp.start({ to, purpose: 'signature', digest })).resolves.toMatchObject({ digest });
  });

  it('fails with the last wrong guess, which is an answer', async () => {
    const { otp, sms } = setup({ settings: { policy: { maxChecks: 2 } } });
    const { id } = await otp.start({ to });
    const guess = wrong(sms.lastCode());
    await expect(otp.check(id, guess)).resolves.toMatchObject({ valid: false, status: 'pending' });
    await expect(otp.check(id, guess)).resolves.toMatchObject({ valid: false, status: 'failed' });
    await expect(otp.check(id, sms.lastCode())).rejects.toMatchObject({ code: 'verification_failed' });
  });

  // Catches: right guesses and refused ones counted as well; a guess that is evaluated after the last level.
  it('counts its wrong guesses for its application, and evaluates none once there are too many', async () => {
    const added: string[] = [];
    let isBroken = false;
    const admit = async () => {
      if (isBroken) throw new DomainError('limit_reached', { rule: 'wrong_guesses' });
    };
    const guesses = { admit, add: (applicationId: string) => void added.push(applicationId) };
    const { otp, sms } = setup({ guesses, settings: { policy: { maxChecks: 3 } } });
    const { id } = await otp.start({ to });
    const code = sms.lastCode();
    await otp.check(id, wrong(code));
    await otp.check(id, wrong(code));
    expect(added).toEqual(['app', 'app']);
    isBroken = true;
    await expect(otp.check(id, code)).rejects.toMatchObject({ code: 'limit_reached' });
    expect(await otp.read(id)).toMatchObject({ status: 'pending', checks: { used: 2 } });
    isBroken = false;
    await otp.check(id, code);
    await expect(otp.check(id, wrong(code))).rejects.toMatchObject({ code: 'verification_approved' });
    expect(added).toHaveLength(2);
  });

  it('is one of its application: to others there is no such thing, and nothing of it is in their log', async () => {
    const { otp, service, sms, refusals } = setup();
    const { id } = await otp.start({ to });
    const stranger = aContext('other');
    const calls = [
      service.check(stranger, id, { code: sms.lastCode() }),
      service.send(stranger, id),
      service.cancel(stranger, id),
      service.read(stranger, id),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'verification_not_found' });
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ verificationId: null, purpose: null, to: null, subject: 'key' });
    await expect(otp.check(id, sms.lastCode())).resolves.toMatchObject({ valid: true });
  });

  it('is not found under what cannot be an id', async () => {
    const { otp } = setup();
    const calls = [otp.check('x', '123456'), otp.send('x'), otp.cancel('x'), otp.read('x')];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'verification_not_found' });
  });

  it('is canceled once, and hears it twice', async () => {
    const { otp } = setup();
    const { id } = await otp.start({ to });
    await expect(otp.cancel(id)).resolves.toMatchObject({ status: 'canceled' });
    await expect(otp.cancel(id)).resolves.toMatchObject({ status: 'canceled' });
  });

  it('is checked with a key that was added a moment ago', async () => {
    const file = { text: secretsText() };
    const { otp, slots, keys } = setup({ keys: aKeyRing(file) });
    file.text = secretsText([{ kid: 'k1' }, { kid: 'k2' }]);
    const elsewhere = setup({ keys: aKeyRing(file) });
    const { id } = await elsewhere.otp.start({ to });
    for (const [slotId, slot] of elsewhere.slots.stored) slots.stored.set(slotId, slot);
    expect(keys.knows('k2')).toBe(false);
    await expect(otp.check(id, elsewhere.sms.lastCode())).resolves.toMatchObject({ valid: true, to });
  });
});

describe('a start', () => {
  it('tells a new verification from one that was joined, and from a message that was too soon', async () => {
    const { otp, sms, slots, refusals } = setup();
    const first = await otp.start({ to });
    expect(first).toMatchObject({ outcome: 'started', replayed: false, to });
    await expect(otp.start({ to })).resolves.toMatchObject({ outcome: 'quiet', id: first.id });
    expect(sms.codes).toHaveLength(1);
    expect(refusals).toMatchObject([
      { type: 'joined', rule: 'resend_too_soon', verificationId: first.id, actor: 'key:key' },
    ]);
    slots.pass(30_000);
    await expect(otp.start({ to })).resolves.toMatchObject({ outcome: 'joined', id: first.id });
    expect(sms.codes).toEqual([sms.lastCode(), sms.lastCode()]);
  });

  // Catches: waiting for an earlier message, which another instance may hold, so that the call returns at once.
  it('waits for the message that the call itself caused', async () => {
    const { otp, sms, slots } = setup();
    await otp.start({ to });
    slots.pass(30_000);
    const { deliveries } = await otp.start({ to }, { waitSeconds: 1 });
    expect(deliveries).toHaveLength(2);
    expect(sms.awaited).toEqual([deliveries[1]?.id]);
  });

  it('goes by the rules of its call; what follows goes by those that were frozen then', async () => {
    const { otp, service, context, slots } = setup();
    const { id, sends } = await otp.start({ to });
    const changed = { ...context, policyOf: aContext('app', { policy: { cooldownSeconds: 300 } }).policyOf };
    slots.pass(30_000);
    await expect(service.start(changed, { to })).resolves.toMatchObject({ outcome: 'quiet' });
    await expect(service.send(changed, id)).resolves.toMatchObject({ sends: { used: 2, max: sends.max } });
    expect((await service.read(changed, id)).sends.nextAt).toEqual(new Date(slots.now.getTime() + 30_000));
  });

  it('is refused where too much waits, while a check still gets through', async () => {
    const { otp, sms, slots } = setup();
    const { id } = await otp.start({ to });
    slots.waiting = 501;
    await expect(otp.start({ to })).rejects.toMatchObject({ code: 'unavailable' });
    await expect(otp.send(id)).rejects.toMatchObject({ code: 'unavailable' });
    slots.waiting = 2_001;
    await expect(otp.check(id, sms.lastCode())).rejects.toMatchObject({ code: 'unavailable' });
    slots.waiting = 2_000;
    await expect(otp.check(id, sms.lastCode())).resolves.toMatchObject({ valid: true });
  });

  it('draws another id when its slot lists the first one', async () => {
    const drawn: string[] = [];
    const { otp, sms, slots } = setup({ keys: ringThatRepeats(drawn, 3) });
    const first = await otp.start({ to });
    await otp.check(first.id, sms.lastCode());
    const second = await otp.start({ to });
    expect(second).toMatchObject({ outcome: 'started', status: 'pending' });
    expect(drawn).toEqual([first.id, first.id, first.id, second.id]);
    await expect(otp.check(second.id, sms.lastCode())).resolves.toMatchObject({ valid: true });
    expect([...slots.stored.values()][0]?.ids).toEqual([first.id, second.id]);
  });

  it('gives up after three draws, and says nothing happened', async () => {
    const { otp, sms, refusals } = setup({ keys: ringThatRepeats([], 99) });
    const { id } = await otp.start({ to });
    await otp.check(id, sms.lastCode());
    await expect(otp.start({ to })).rejects.toMatchObject({ code: 'unavailable' });
    expect(refusals).toEqual([]);
  });

  it('never touches, nor tells of, another recipient whose slot has the same name', async () => {
    const { otp, slots, refusals } = setup();
    await otp.start({ to });
    const [[slotId, slot] = []] = slots.stored;
    if (!slotId || !slot) throw new Error('nothing was stored');
    const strange = { ...slot, key: 'of somebody else' };
    slots.stored.set(slotId, strange);
    await expect(otp.start({ to })).rejects.toMatchObject({ code: 'unavailable' });
    expect(slots.stored.get(slotId)).toBe(strange);
    expect(refusals).toEqual([]);
  });
});

/** Gives its first id again, up to that many times in all. */
function ringThatRepeats(drawn: string[], times: number) {
  const ring = aKeyRing();
  const newVerificationId = (slotId: string): string => {
    const id =
      drawn.length < times ? (drawn[0] ?? ring.newVerificationId(slotId)) : ring.newVerificationId(slotId);
    drawn.push(id);
    return id;
  };
  return Object.assign(Object.create(ring) as typeof ring, { newVerificationId });
}

describe('a call with an idempotency key', () => {
  const key = { idempotencyKey: 'key-1' };

  // Catches: a person who has to answer another challenge, and whose create is then another request.
  it('is the same request with another answer to a challenge', async () => {
    const { otp, sms } = setup();
    const { id } = await otp.start({ to, challenge: 'one' }, key);
    await expect(otp.start({ to, challenge: 'another' }, key)).resolves.toMatchObject({ id, replayed: true });
    await expect(otp.start({ to }, key)).resolves.toMatchObject({ id, replayed: true });
    expect(sms.codes).toHaveLength(1);
  });

  it('is made once, and answered again with the verification as it is now', async () => {
    const { otp, sms } = setup();
    const first = await otp.start({ to }, key);
    await otp.check(first.id, sms.lastCode());
    await expect(otp.start({ to }, key)).resolves.toMatchObject({
      id: first.id,
      outcome: 'started',
      replayed: true,
      status: 'approved',
    });
    expect(sms.codes).toHaveLength(1);
  });

  it('hears the verdict of its first try again', async () => {
    const { otp, sms } = setup();
    const { id } = await otp.start({ to });
    const guess = wrong(sms.lastCode());
    await otp.check(id, guess, key);
    const again = await otp.check(id, guess, key);
    expect(again).toMatchObject({ valid: false, replayed: true, checks: { used: 1 } });
  });

  // Catches: a repeat under ids of its own, which would be a second verification and a second message.
  it('finds what its first try did when nobody heard the answer', async () => {
    const { otp, sms, slots } = setup();
    const create = slots.create.bind(slots);
    slots.create = async (command) => {
      await create(command);
      throw unavailable('The outcome is not known yet.');
    };
    await expect(otp.start({ to }, key)).rejects.toMatchObject({ code: 'unavailable' });
    slots.create = create;
    const [slot] = slots.stored.values();
    const repeated = await otp.start({ to }, key);
    expect(repeated).toMatchObject({ id: slot?.current.id, outcome: 'started', replayed: false, to });
    expect([...slots.stored.values()]).toEqual([slot]);
    // The message of the first try is its own business: its lease runs out, and the job takes over.
    expect(sms.codes).toEqual([]);
  });

  it('is not found before anything is said about the key', async () => {
    const { otp, sms, keys, slots } = setup();
    const { id } = await otp.start({ to });
    await otp.check(id, sms.lastCode(), key);
    const [slotId = ''] = slots.stored.keys();
    const unknown = keys.newVerificationId(slotId);
    await expect(otp.check(unknown, '123456', key)).rejects.toMatchObject({ code: 'verification_not_found' });
    await expect(otp.check(id, '123456', key)).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });
});

describe('a refusal', () => {
  // Catches: a guess at a superseded code in the audit trail of the verification that took its place.
  it('is audited under the verification that the call named', async () => {
    const settings = { policy: { whenPending: 'replace', cooldownSeconds: 0 } } as const;
    const { otp, sms, slots, refusals } = setup({ settings });
    const old = await otp.start({ to, purpose: 'login' });
    await otp.start({ to, purpose: 'login' });
    await expect(otp.check(old.id, sms.lastCode())).rejects.toMatchObject({
      code: 'verification_superseded',
    });
    expect(refusals).toMatchObject([
      {
        type: 'access_denied',
        rule: 'verification_superseded',
        verificationId: old.id,
        purpose: 'login',
        to: '+41*******67',
        subject: [...slots.stored.keys()][0],
      },
    ]);
  });

  it('of a create is audited under the verification that stood in its way', async () => {
    const { otp, refusals } = setup({ settings: { policy: { whenPending: 'reject' } } });
    const { id } = await otp.start({ to });
    await expect(otp.start({ to })).rejects.toMatchObject({
      code: 'verification_pending',
      details: { verificationId: id },
    });
    expect(refusals).toMatchObject([{ rule: 'verification_pending', verificationId: id }]);
  });

  // Catches: 404 for what GET shows, from 24 hours after the end on.
  it('says how a verification ended that its slot has forgotten', async () => {
    const { otp, keys, snapshots } = setup();
    const id = keys.newVerificationId(keys.slotName('app', 'default', to)._id);
    snapshots.set(id, snapshot(id, { status: 'failed', personal: null }));
    for (const call of [otp.send(id), otp.check(id, '123456'), otp.cancel(id)])
      await expect(call).rejects.toMatchObject({ code: 'verification_failed' });
    snapshots.set(id, snapshot(id, { status: 'canceled', personal: null }));
    await expect(otp.cancel(id)).resolves.toMatchObject({ status: 'canceled' });
  });

  it('of what is no code charges nothing', async () => {
    const { otp } = setup();
    const { id } = await otp.start({ to });
    await expect(otp.check(id, '12')).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await otp.read(id)).toMatchObject({ checks: { used: 0 } });
  });
});
