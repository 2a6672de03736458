import { mongo } from 'mongoose';
import { aCheck, aCreate, another, WRONG } from '../../../../test/builders/slot-commands.builder';
import { passOn, SlotInstance } from '../../../../test/support/slot-instance';
import { useDatabase } from '../../../../test/support/mongo';
import { DURABLE_CLIENT_OPTIONS } from '../../../database/durable-connection';

/** Each test was seen to fail with what stands above it. */
describe('the commands of the hot path', () => {
  const database = useDatabase();
  let client: mongo.MongoClient;
  let seen: mongo.CommandStartedEvent[];

  beforeAll(async () => {
    client = await new mongo.MongoClient(database.uri, {
      ...DURABLE_CLIENT_OPTIONS,
      monitorCommands: true,
    }).connect();
    client.on('commandStarted', (event) => seen.push(event));
  });
  beforeEach(() => {
    seen = [];
  });
  afterAll(() => client.close());

  const instance = () => new SlotInstance(client.db(database.name));
  const names = () => seen.map(({ commandName }) => commandName).filter((name) => name !== 'hello');
  const filters = () =>
    seen.flatMap(({ command }) =>
      'find' in command
        ? [command['filter'] as Record<string, unknown>]
        : ((command['updates'] ?? []) as { q: Record<string, unknown> }[]).map(({ q }) => q),
    );
  const isById = ({ _id }: Record<string, unknown>): boolean =>
    typeof _id === 'string' || Array.isArray((_id as { $in?: unknown } | undefined)?.$in);

  // With a look-up by `ids` instead of `_id`.
  it('name `_id`, whatever they are about', async () => {
    const [a, b] = [instance(), instance()];
    const many = Array.from({ length: 5 }, () => aCreate({ maxChecks: 50, sendsMax: 50 }));
    await Promise.all([...many, ...many].map((command, n) => (n % 2 ? a : b).create(command)));
    for (const one of [a, b]) {
      const calls = many.flatMap((made) => [
        one.check(made.slot._id, aCheck(made, WRONG)),
        one.resend(made.slot._id, made.record.id),
        one.accepted(made),
        one.unlock(made.slot._id),
        one.create(another(made, { whenPending: 'resend' })),
      ]);
      await Promise.all(calls);
    }
    // Conflicts, and settling reads after a lost answer.
    a.store.scripts.push(
      async (...it) => (await passOn(...it), Promise.reject(new mongo.MongoNetworkError('reset'))),
    );
    for (let round = 0; round < 3; round++) {
      const races = many.flatMap((made) =>
        [a, b].map((one) => one.check(made.slot._id, aCheck(made, WRONG)).catch(() => undefined)),
      );
      await Promise.all(races);
    }
    await Promise.all(many.map((made) => b.cancel(made.slot._id, made.record.id)));
    expect(filters().length).toBeGreaterThan(60);
    expect(filters().filter((filter) => !isById(filter))).toEqual([]);
    expect(new Set(names())).toEqual(new Set(['find', 'update']));
    for (const { command } of seen.filter(({ commandName }) => commandName === 'update')) {
      const slotIds = (command['updates'] as { q: { _id: string } }[]).map(({ q }) => q._id);
      expect(new Set(slotIds).size).toBe(slotIds.length);
      expect(command['writeConcern']).toMatchObject({ w: 'majority', j: true });
    }
    for (const { command } of seen.filter(({ commandName }) => commandName === 'find'))
      expect(command['readConcern']).toEqual({ level: 'majority' });
  });

  // Without memory: a second `find`. With `ridesAlong` ignored: a third `update`.
  it('are three for a create, its result and a check by one client', async () => {
    const one = instance();
    await one.create(aCreate());
    seen = [];
    const made = aCreate();
    await one.create(made);
    await one.commit.idle();
    const ride = one.accepted(made);
    await one.check(made.slot._id, aCheck(made));
    await ride;
    expect(names()).toEqual(['find', 'update', 'update']);
  });

  // Without what the settling read has seen: another `find`.
  it('are three for a check that lost a race, and one for the next', async () => {
    const [a, b] = [instance(), instance()];
    const made = aCreate({ maxChecks: 10 });
    await a.create(made);
    await b.check(made.slot._id, aCheck(made, WRONG));
    await a.commit.idle();
    seen = [];
    await a.check(made.slot._id, aCheck(made, WRONG));
    expect(names()).toEqual(['update', 'find', 'update']);
    await a.check(made.slot._id, aCheck(made, WRONG));
    expect(names()).toEqual(['update', 'find', 'update', 'update']);
  });

  // With answers from memory: the refusal takes no command.
  it('are one more where another instance checks, and one for an answer without a write', async () => {
    const [a, b] = [instance(), instance()];
    const made = aCreate();
    await a.create(made);
    seen = [];
    await b.check(made.slot._id, aCheck(made));
    expect(names()).toEqual(['find', 'update']);
    seen = [];
    await b.check(made.slot._id, aCheck(made));
    expect(names()).toEqual(['find']);
  });
});
