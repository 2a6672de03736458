import { mongo } from 'mongoose';
import { GroupCommit } from './group-commit';
import type { GroupCommitStore, Operation, UpdateStatement, WriteReply } from './group-commit';

interface Doc {
  _id: string;
  ids: string[];
  applied: string[];
}

/** A database of one collection in memory; a test scripts what the next writes do. */
class FakeStore implements GroupCommitStore<Doc> {
  readonly batches: string[][] = [];
  readonly docs = new Map<string, Doc>();
  reads = 0;
  inFlight = 0;
  next: ((statements: UpdateStatement[]) => Promise<WriteReply>)[] = [];
  failReads = false;

  async write(statements: UpdateStatement[]): Promise<WriteReply> {
    this.batches.push(statements.map((statement) => String(statement.c['op'])));
    expect(++this.inFlight).toBe(1);
    await new Promise(setImmediate);
    try {
      return await (this.next.shift() ?? ((all) => Promise.resolve(this.apply(all))))(statements);
    } finally {
      this.inFlight--;
    }
  }

  apply(statements: UpdateStatement[]): WriteReply {
    for (const { q, c } of statements) {
      const id = String(q['_id']);
      const doc = this.docs.get(id) ?? { _id: id, ids: [`v-${id}`], applied: [] };
      this.docs.set(id, { ...doc, applied: [...doc.applied, String(c['op'])] });
    }
    return {};
  }

  async read(keys: { _ids: string[]; ids: string[] }): Promise<{ docs: Doc[]; now: Date }> {
    this.reads++;
    await new Promise(setImmediate);
    if (this.failReads) throw new mongo.MongoNetworkError('gone');
    const wanted = [...this.docs.values()].filter(
      (doc) => keys._ids.includes(doc._id) || doc.ids.some((id) => keys.ids.includes(id)),
    );
    return { docs: wanted, now: new Date(1) };
  }
}

const op = (
  name: string,
  key = name,
  lookup: Operation['lookup'] = { by: '_id', value: key },
): Operation => ({
  statement: { q: { _id: key }, u: [], c: { op: name } },
  key,
  lookup,
});
const options = { maxBatch: 256, maxPerKey: 32, deadlineMs: 500 };

function setup(over = {}) {
  const store = new FakeStore();
  return { store, commit: new GroupCommit<Doc>(store, { ...options, ...over }) };
}

describe('group commit', () => {
  it('lets a lone operation leave at once and gathers the others while it is under way', async () => {
    const { store, commit } = setup();
    const answers = await Promise.all(['a', 'b', 'c'].map((name) => commit.submit(op(name))));
    expect(store.batches).toEqual([['a'], ['b', 'c']]);
    expect(answers.map((answer) => answer.doc?.applied)).toEqual([['a'], ['b'], ['c']]);
    expect(answers.every((answer) => answer.settled)).toBe(true);
    expect(store.reads).toBe(2);
  });

  it('reads nothing back when nobody asks', async () => {
    const { store, commit } = setup();
    await commit.submit(op('a', 'a', null));
    expect(store.reads).toBe(0);
  });

  it('lets at most 32 operations of one document share a batch, in order, and the rest follow', async () => {
    const { store, commit } = setup();
    await Promise.all(
      [op('first', 'x'), ...Array.from({ length: 70 }, (_, i) => op(`${i}`, 'x'))].map((one) =>
        commit.submit(one),
      ),
    );
    expect(store.batches.map((batch) => batch.length)).toEqual([1, 32, 32, 6]);
    expect(store.docs.get('x')?.applied).toEqual(['first', ...Array.from({ length: 70 }, (_, i) => `${i}`)]);
  });

  it('runs an operation again when two upserts collided', async () => {
    const { store, commit } = setup();
    store.next.push(async () => ({ writeErrors: [{ index: 0, code: 11000 }] }));
    expect((await commit.submit(op('a'))).doc?.applied).toEqual(['a']);
    expect(store.batches).toEqual([['a'], ['a']]);
  });

  it('fails the one operation that the server refuses for itself, without its words', async () => {
    const { store, commit } = setup();
    void commit.submit(op('lead'));
    store.next.push(
      async (all) => store.apply(all),
      async (all) => (
        store.apply(all.slice(1)),
        { writeErrors: [{ index: 0, code: 2, errmsg: 'the number +4479' }] }
      ),
    );
    const [bad, good] = await Promise.allSettled([commit.submit(op('bad')), commit.submit(op('good'))]);
    expect(bad).toMatchObject({
      status: 'rejected',
      reason: { message: expect.not.stringContaining('4479') as string },
    });
    expect(good).toMatchObject({ status: 'fulfilled', value: { settled: true } });
  });

  it('runs a batch that was refused as a whole one by one: a bad request never hurts its neighbours', async () => {
    const { store, commit } = setup();
    const refuse = async (all: UpdateStatement[]): Promise<WriteReply> => {
      if (all.some((one) => one.c['op'] === 'bad'))
        throw new mongo.MongoServerError({ code: 9, message: 'failed to parse' });
      return store.apply(all);
    };
    store.next.push(...Array.from({ length: 9 }, () => refuse));
    const names = ['lead', 'a', 'bad', 'b'];
    const answers = await Promise.allSettled(names.map((name) => commit.submit(op(name))));
    expect(answers.map((answer) => answer.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  const lost: [string, () => Promise<WriteReply>][] = [
    ['a lost connection', () => Promise.reject(new mongo.MongoNetworkError('reset'))],
    ['a stepped-down primary', () => Promise.reject(new mongo.MongoServerError({ code: 10107 }))],
    ['a write concern that failed', () => Promise.resolve({ writeConcernError: { code: 64 } })],
    ['a write error of a shutdown', () => Promise.resolve({ writeErrors: [{ index: 0, code: 11602 }] })],
  ];
  it.each(lost)(
    'after %s the document is shown, and what is missing from it proves nothing',
    async (_, reply) => {
      const { store, commit } = setup();
      store.next.push((all) => (store.apply(all), reply()));
      expect(await commit.submit(op('landed'))).toMatchObject({
        settled: false,
        doc: { applied: ['landed'] },
      });
      store.next.push(reply);
      expect(await commit.submit(op('maybe'))).toMatchObject({ settled: false, doc: null });
    },
  );

  it('tells a refused statement from an unknown one when the write concern failed too', async () => {
    const { store, commit } = setup();
    void commit.submit(op('lead'));
    const result = {
      ok: 1,
      writeErrors: [{ index: 0, code: 2 }],
      writeConcernError: { code: 64, errmsg: 'x' },
    };
    store.next.push(
      async (all) => store.apply(all),
      (all) => (store.apply(all.slice(1)), Promise.reject(new mongo.MongoWriteConcernError(result))),
    );
    const [bad, good] = await Promise.allSettled([commit.submit(op('bad')), commit.submit(op('good'))]);
    expect(bad.status).toBe('rejected');
    expect(good).toMatchObject({
      status: 'fulfilled',
      value: { settled: false, doc: { applied: ['good'] } },
    });
  });

  it('is unavailable when the outcome cannot be read', async () => {
    const { store, commit } = setup();
    store.failReads = true;
    await expect(commit.submit(op('a'))).rejects.toMatchObject({ code: 'unavailable' });
    store.failReads = false;
    await expect(commit.submit(op('b'))).resolves.toMatchObject({ settled: true });
  });

  it('answers everybody by the deadline while the database hangs, and never runs what was given up', async () => {
    const { store, commit } = setup({ deadlineMs: 50 });
    let release = (): void => undefined;
    store.next.push(
      (all) =>
        new Promise(
          (resolve) =>
            (release = () => {
              resolve(store.apply(all));
            }),
        ),
    );
    const answers = await Promise.allSettled([commit.submit(op('hangs')), commit.submit(op('queued'))]);
    expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected']);
    release();
    await commit.idle();
    expect(store.batches).toEqual([['hangs']]);
    expect(commit.waiting).toBe(0);
  });
});
