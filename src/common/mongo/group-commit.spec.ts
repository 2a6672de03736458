import { mongo } from 'mongoose';
import { GroupCommit } from './group-commit';
import type { GroupCommitStore, Operation, OperationFailure, WriteReport } from './group-commit';

interface Doc {
  _id: string;
  ids: string[];
  applied: string[];
}

interface Step extends Operation {
  readonly name: string;
}
type Script = (batch: readonly Step[]) => Promise<WriteReport>;

const done: WriteReport = { failures: new Map(), concernFailed: false };
const failing = (code: number, shared = false): WriteReport => ({
  failures: new Map<number, OperationFailure>([[0, { code, shared }]]),
  concernFailed: false,
});

/** A database of one collection in memory; a test scripts what the next writes do. */
class FakeStore implements GroupCommitStore<Step, Doc> {
  readonly batches: string[][] = [];
  readonly docs = new Map<string, Doc>();
  reads = 0;
  inFlight = 0;
  next: Script[] = [];
  failReads = false;

  async write(batch: readonly Step[]): Promise<WriteReport> {
    this.batches.push(batch.map((step) => step.name));
    expect(++this.inFlight).toBe(1);
    await new Promise(setImmediate);
    try {
      return await (this.next.shift() ?? this.all)(batch);
    } finally {
      this.inFlight--;
    }
  }

  readonly all: Script = async (batch) => {
    for (const { key, name } of batch) {
      const doc = this.docs.get(key) ?? { _id: key, ids: [`v-${key}`], applied: [] };
      this.docs.set(key, { ...doc, applied: [...doc.applied, name] });
    }
    return done;
  };

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

const op = (name: string, key = name, lookup: Operation['lookup'] = { by: '_id', value: key }): Step => ({
  name,
  key,
  lookup,
});
const options = { maxBatch: 256, maxPerKey: 32, deadlineMs: 500 };

function setup(over = {}) {
  const store = new FakeStore();
  return { store, commit: new GroupCommit<Step, Doc>(store, { ...options, ...over }) };
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
    store.next.push(async () => failing(11000));
    expect((await commit.submit(op('a'))).doc?.applied).toEqual(['a']);
    expect(store.batches).toEqual([['a'], ['a']]);
  });

  it('fails the one operation that the server refuses for itself', async () => {
    const { store, commit } = setup();
    void commit.submit(op('lead'));
    store.next.push(store.all, async (batch) => (await store.all(batch.slice(1)), failing(2)));
    const [bad, good] = await Promise.allSettled([commit.submit(op('bad')), commit.submit(op('good'))]);
    expect(bad).toMatchObject({
      status: 'rejected',
      reason: { message: 'the database refused the operation (code 2)' },
    });
    expect(good).toMatchObject({ status: 'fulfilled', value: { settled: true } });
  });

  it('runs an operation that failed together with others again, alone', async () => {
    const { store, commit } = setup();
    store.next.push(async () => failing(2, true));
    expect((await commit.submit(op('innocent'))).doc?.applied).toEqual(['innocent']);
    store.next.push(
      async () => failing(2, true),
      async () => failing(2),
    );
    await expect(commit.submit(op('guilty'))).rejects.toThrow('code 2');
  });

  it('runs a batch that was refused as a whole one by one: a bad request never hurts its neighbours', async () => {
    const { store, commit } = setup();
    const refuse: Script = async (batch) => {
      if (batch.some((step) => step.name === 'bad'))
        throw new mongo.MongoServerError({ code: 9, message: 'failed to parse' });
      return store.all(batch);
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

  const lost: [string, () => Promise<WriteReport>][] = [
    ['a lost connection', () => Promise.reject(new mongo.MongoNetworkError('reset'))],
    ['a stepped-down primary', () => Promise.reject(new mongo.MongoServerError({ code: 10107 }))],
    ['a write concern that failed', () => Promise.resolve({ ...done, concernFailed: true })],
    ['a write error of a shutdown', () => Promise.resolve(failing(11602, true))],
  ];
  it.each(lost)(
    'after %s the document is shown, and what is missing from it proves nothing',
    async (_, reply) => {
      const { store, commit } = setup();
      store.next.push(async (batch) => (await store.all(batch), reply()));
      expect(await commit.submit(op('landed'))).toMatchObject({
        settled: false,
        doc: { applied: ['landed'] },
      });
      store.next.push(reply);
      expect(await commit.submit(op('maybe'))).toMatchObject({ settled: false, doc: null });
    },
  );

  it('tells a refused operation from an unknown one when the write concern failed too', async () => {
    const { store, commit } = setup();
    void commit.submit(op('lead'));
    store.next.push(
      store.all,
      async (batch) => (await store.all(batch.slice(1)), { ...failing(2), concernFailed: true }),
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
    store.next.push((batch) => new Promise((resolve) => (release = () => resolve(store.all(batch)))));
    const answers = await Promise.allSettled([commit.submit(op('hangs')), commit.submit(op('queued'))]);
    expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected']);
    release();
    await commit.idle();
    expect(store.batches).toEqual([['hangs']]);
    expect(commit.waiting).toBe(0);
  });
});
