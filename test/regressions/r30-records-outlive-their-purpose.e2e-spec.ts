/**
 * R30. Codes, numbers and counters stay for ever, because nothing removes them or their end was never written. Seen in
 * otpgateway (measured) and Truxify (#4928, counters without expiry).
 *
 * Catches: an end that leaves code or number; an erasure that forgets the past of a slot or the copy; a slot at rest
 * without the date of its removal. 500 verifications of all endings, a day later, with the jobs of two processes at work.
 */
import { noLimits } from '../builders/limits';
import { type Started, type Tenant, until, wrongCode } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
const EACH = 100;
const DAY_MS = 86_400_000;
const endings: Record<string, (tenant: Tenant, one: Started) => Promise<unknown>> = {
  approved: (tenant, { id, code }) => tenant.check(id, code),
  failed: (tenant, { id, code }) => tenant.check(id, wrongCode(code)),
  canceled: (tenant, { id }) => tenant.call(`POST /v1/verifications/${id}/cancel`),
  superseded: (tenant, { to }) => tenant.start({ to }),
  expired: (_tenant, { id }) => update({ ids: id }, { 'current.expiresAt': new Date(), dueAt: new Date() }),
};

const slots = () => engine.db.collection('slots');
const copies = () => engine.db.collection('verifications');
const update = (filter: object, set: object): Promise<unknown> =>
  slots().updateMany(filter, { $set: set, $inc: { v: 1 } });

it('a day after the end no code and no number is left, the log stays, and a second run changes nothing', async () => {
  const tenant = await engine.tenant({
    policy: { maxChecks: 1, cooldownSeconds: 0, whenPending: 'replace' },
    limits: noLimits,
  });
  const lanes = Object.values(endings).map(async (end) => {
    for (let n = 0; n < EACH; n += 10) {
      const some = await Promise.all(Array.from({ length: 10 }, (_, i) => tenant.start({}, { on: i % 2 })));
      await Promise.all(some.map((one) => end(tenant, one)));
    }
  });
  await Promise.all(lanes);
  const mine = { applicationId: tenant.id };
  const live = { ...mine, 'current.status': 'pending' };
  // What replaced another one ends, too.
  await update(live, { 'current.expiresAt': new Date(), dueAt: new Date() });
  await until(async () => (await slots().countDocuments(live)) === 0, 20_000);
  const withCode = {
    ...mine,
    $or: [{ 'current.mac': { $exists: true } }, { 'current.sealed': { $exists: true } }],
  };
  expect(await slots().countDocuments(withCode)).toBe(0);
  await until(
    async () => (await slots().countDocuments({ ...mine, 'outbox.0': { $exists: true } })) === 0,
    20_000,
  );
  // Those of the verifications. What was refused on the way may be told up to a minute later, as a count.
  const events = { ...mine, seq: { $ne: null } };
  const logged = await engine.db.collection('audit_events').countDocuments(events);
  expect(logged).toBeGreaterThan(EACH * Object.keys(endings).length * 2);

  const yesterday = new Date(Date.now() - DAY_MS - 60_000);
  await slots().updateMany(mine, [
    {
      $set: {
        v: { $add: ['$v', 1] },
        dueAt: '$$NOW',
        'current.endedAt': yesterday,
        past: { $map: { input: '$past', in: { $mergeObjects: ['$$this', { endedAt: yesterday }] } } },
      },
    },
  ]);
  const personal = {
    ...mine,
    $or: [
      { 'current.personal': { $ne: null } },
      { past: { $elemMatch: { personal: { $exists: true, $ne: null } } } },
    ],
  };
  await until(async () => (await slots().countDocuments(personal)) === 0, 20_000);
  await until(
    async () => (await copies().countDocuments({ ...mine, personal: { $ne: null } })) === 0,
    20_000,
  );
  await until(
    async () => (await slots().countDocuments({ ...mine, dueAt: { $exists: true } })) === 0,
    20_000,
  );
  expect(await slots().countDocuments({ ...mine, purgeAt: { $exists: false } })).toBe(0);

  const state = (): Promise<unknown> => slots().find(mine).sort({ _id: 1 }).toArray();
  const before = await state();
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect(await state()).toEqual(before);
  expect(await engine.db.collection('audit_events').countDocuments(events)).toBe(logged);
}, 120_000);
