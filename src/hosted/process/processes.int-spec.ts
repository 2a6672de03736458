import mongoose, { type Connection } from 'mongoose';
import { aKeyRing } from '../../../test/builders/key-ring';
import { aProcess } from '../../../test/builders/hosted';
import { useDatabase } from '../../../test/support/mongo';
import { AuditRepository } from '../../audit/audit.repository';
import { AUDIT_EVENTS } from '../../audit/audit.schema';
import { AuditService } from '../../audit/audit.service';
import { systemClock } from '../../common/clock';
import { hostedEvent } from './events';
import type { Process } from './process';
import { ProcessRepository } from './process.repository';
import { HOSTED_VERIFICATIONS, processSchema } from './process.schema';
import { ProcessesService, type Known } from './processes.service';
import { approved, asked, bound, isSameRedemption, redeemed, standingOf, withNumber } from './rules';

const db = useDatabase();
let connection: Connection;
let one: ProcessesService;
let other: ProcessesService;

beforeAll(async () => {
  connection = await mongoose.createConnection(db.uri, { autoIndex: false, w: 'majority' }).asPromise();
  const model = connection.model(HOSTED_VERIFICATIONS, processSchema);
  await model.createIndexes();
  const audit = new AuditService(new AuditRepository(connection), systemClock);
  const make = () =>
    new ProcessesService(connection, new ProcessRepository(model as never), aKeyRing(), audit);
  [one, other] = [make(), make()];
});
afterAll(() => connection.close());

const created = (process: Process) => hostedEvent('hosted_created', process, 'key:k');

async function stored(id: string, more: Parameters<typeof aProcess>[0] = {}): Promise<Known> {
  const now = await one.now();
  const expiresAt = new Date(now.getTime() + 60_000);
  const process = aProcess({ id, createdAt: now, expiresAt, ...more });
  await one.insert({ process, token: `t-${id}`, fingerprint: 'f' }, created(process));
  return (await one.byId(id))!;
}

const eventsOf = (id: string) => connection.collection(AUDIT_EVENTS).find({ 'data.hostedId': id }).toArray();

it('gives a process back as it was, with the time of the database', async () => {
  const personal = { to: '+34600123456', email: 'ana@mail.example', state: 's' };
  const { process } = await stored('whole', { personal });
  expect(process.personal).toMatchObject(personal);
  const found = await other.byToken('t-whole');
  expect(found?.process).toEqual(process);
  expect(Math.abs(found!.now.getTime() - Date.now())).toBeLessThan(60_000);
  expect(await one.byToken('t-none')).toBeNull();
});

it('keeps nothing personal in clear', async () => {
  await stored('sealed', { personal: { to: '+34600123456', email: 'ana@mail.example', state: 'order 17' } });
  const [raw] = await connection
    .collection<{ _id: string }>(HOSTED_VERIFICATIONS)
    .find({ _id: 'sealed' }, { raw: true })
    .toArray();
  const bytes = (raw as unknown as Buffer).toString('latin1');
  for (const text of ['600123456', 'mail.example', 'order 17']) expect(bytes).not.toContain(text);
});

// Catches: a begin that overwrites another one, and a repeat that begins twice.
it('lets one of many begin under an id, with one event', async () => {
  const process = aProcess({ id: 'once' });
  const known = { process, token: 't-once', fingerprint: 'f' };
  const inserted = await Promise.all(
    Array.from({ length: 6 }, (_, n) => (n % 2 ? one : other).insert(known, created(process))),
  );
  expect(inserted.filter(Boolean)).toHaveLength(1);
  expect(await eventsOf('once')).toHaveLength(1);
});

// Catches: a write without its guard, with which the second browser would go on where the first one is.
it('of two browsers at once binds one, once a message went out', async () => {
  const known = await stored('race');
  const go = (service: ProcessesService, visitor: string) =>
    service.change(known, (process, now) =>
      standingOf(process, visitor, now) === 'open'
        ? { ...asked(bound(process, visitor), visitor), hasSent: true }
        : process,
    );
  const told = await Promise.all([go(one, 'ana'), go(other, 'eve'), go(one, 'eve'), go(other, 'ana')]);
  expect(new Set(told.map(({ process }) => process.visitor)).size).toBe(1);
  const { process, now } = (await one.byId('race'))!;
  expect(['ana', 'eve']).toContain(process.visitor);
  expect(process.operation).toBe(process.visitor);
  const stranger = process.visitor === 'ana' ? 'eve' : 'ana';
  expect(standingOf(process, stranger, now)).toBe('elsewhere');
});

it('loses no change of many at once', async () => {
  const known = await stored('many');
  const ask = (n: number) =>
    (n % 2 ? one : other).change(known, (process) => ({ ...process, messages: process.messages + 1 }));
  await Promise.all([0, 1, 2, 3].map(ask));
  expect((await one.byId('many'))!.process).toMatchObject({ messages: 4, v: 4 });
});

// Catches: a redemption that is told to two callers, and an event for each.
it('of many redemptions at once knows one', async () => {
  const known = await stored('redeemed', { status: 'approved' });
  const calls = Array.from({ length: 8 }, (_, n) => `call-${n}`);
  const done = await Promise.all(
    calls.map(async (call, n) => {
      const service = n % 2 ? one : other;
      const changed = await service.change(
        known,
        (process, now) => redeemed(process, call, now),
        (process) => hostedEvent('hosted_redeemed', process, 'key:k'),
      );
      return isSameRedemption(changed.process, call);
    }),
  );
  expect(done.filter(Boolean)).toHaveLength(1);
  expect((await eventsOf('redeemed')).filter(({ type }) => type === 'hosted_redeemed')).toHaveLength(1);
});

it('of two right codes at once approves once', async () => {
  const known = await stored('approved', { visitor: 'ana', hasSent: true });
  const approve = (service: ProcessesService) =>
    service.change(
      known,
      (process, now) => approved(process, { verificationId: 'V', to: '+34600123456' }, now),
      (process) => hostedEvent('hosted_approved', process, 'person'),
    );
  await Promise.all([approve(one), approve(other)]);
  const events = (await eventsOf('approved')).filter(({ type }) => type === 'hosted_approved');
  expect(events).toHaveLength(1);
  expect(JSON.stringify(events)).not.toContain('600123456');
});

it('writes nothing where a rule changes nothing', async () => {
  const known = await stored('still');
  const { process } = await one.change(known, (same) => same);
  expect(process.v).toBe(0);
  const typed = await one.change(known, (current) => withNumber(current, '+34600123456'));
  expect((await other.byId('still'))!.process).toEqual(typed.process);
});

it('removes one that nobody has acted on, and no other', async () => {
  const untouched = await stored('untouched');
  const touched = await stored('touched');
  await one.change(touched, (process) => asked(process, 'a'));
  const remove = ({ process }: Known) =>
    one.remove(process.id, hostedEvent('hosted_canceled', process, 'key:test'));
  await Promise.all([remove(untouched), remove(touched), remove(untouched)]);
  expect([await one.byId('untouched'), await one.byId('touched')]).toEqual([null, expect.anything()]);
  // Caught: a log that says of a process that it began, and never what became of it.
  const ends = async (id: string) =>
    (await eventsOf(id)).filter(({ type }) => type === 'hosted_canceled').length;
  expect([await ends('untouched'), await ends('touched')]).toEqual([1, 0]);
});
