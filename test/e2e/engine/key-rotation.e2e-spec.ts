import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Slot } from '../../../src/otp/slots/slot';
import {
  type Answer,
  newKey,
  renderRing,
  type RingKey,
  type Tenant,
  useEngine,
  wordFor,
  wrongCode,
} from '../../support/engine';

const engine = useEngine();
/** Longer than the 10 s after which every process has read the file again. */
const SIGN_AFTER_MS = 11_000;
const LOAD_MS = 14_000;
const LANES = 4;

/** As an operator does it: a whole new file takes the place of the old one. */
async function writeRing(file: string, ring: readonly RingKey[]): Promise<void> {
  await writeFile(`${file}.new`, renderRing(ring), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function ringNow(): Promise<RingKey[]> {
  const { ring } = JSON.parse(await readFile(engine.secretsFile, 'utf8')) as { ring: RingKey[] };
  return ring;
}

async function kidOf(id: string): Promise<string> {
  const slot = await engine.db.collection<Slot>('slots').findOne({ ids: id });
  return slot!.current.kid;
}

interface Pair {
  readonly kid: string;
  /** When its create had been answered. */
  readonly at: number;
  readonly wrong: string;
  readonly right: Answer;
}

async function pair(tenant: Tenant, lane: number): Promise<Pair> {
  const started = await tenant.start({}, { on: lane % 2 });
  const at = Date.now();
  const kid = await kidOf(started.id);
  // Checked by the process that did not make it, or by the one that did.
  const on = Math.floor(lane / 2) % 2;
  const wrong = await tenant.check(started.id, wrongCode(started.code), { on });
  return { kid, at, wrong: wordFor(wrong), right: await tenant.check(started.id, started.code, { on }) };
}

describe('a new key in the ring, under load over two processes', () => {
  // Catches: checking with the newest key only; a process that does not read the file again; signing at once.
  it('refuses no valid check; codes of the old key stay good, and failures are not forgotten', async () => {
    const tenant = await engine.tenant({ policy: { cooldownSeconds: 0 } });
    const early = await tenant.start();
    await tenant.check(early.id, wrongCode(early.code));
    const waiting = await tenant.start();

    const old = await ringNow();
    const signFrom = Date.now() + SIGN_AFTER_MS;
    const fresh = { kid: 'second', key: newKey(), signFrom: new Date(signFrom).toISOString() };
    await writeRing(engine.secretsFile, [...old, fresh]);

    const pairs: Pair[] = [];
    const end = Date.now() + LOAD_MS;
    const lane = async (n: number): Promise<void> => {
      while (Date.now() < end) {
        pairs.push(await pair(tenant, n));
        await sleep(60);
      }
    };
    await Promise.all(Array.from({ length: LANES }, (_, n) => lane(n)));

    expect(pairs.filter(({ right }) => right.status !== 200 || right.body['valid'] !== true)).toEqual([]);
    expect(pairs.filter(({ wrong }) => wrong !== '200')).toEqual([]);
    const kids = new Set(pairs.map(({ kid }) => kid));
    expect(kids).toEqual(new Set(['first', 'second']));
    expect(pairs.filter(({ kid, at }) => kid === 'second' && at < signFrom)).toEqual([]);

    expect((await tenant.lookup(early.to)).body).toMatchObject({ failures: 1 });
    expect((await tenant.check(early.id, early.code, { on: 1 })).body['valid']).toBe(true);
    await afterRemoval(tenant, waiting, fresh);
  }, 60_000);

  /** A process that starts without the old key: what was made with it is neither right nor wrong there. */
  async function afterRemoval(
    tenant: Tenant,
    waiting: { id: string; code: string },
    fresh: RingKey,
  ): Promise<void> {
    const file = `${engine.secretsFile}.without-old`;
    await writeRing(file, [{ kid: fresh.kid, key: fresh.key }]);
    await engine.add({ SECRETS_FILE: file });
    const on = 2;
    for (const code of [waiting.code, wrongCode(waiting.code)]) {
      const answer = await tenant.check(waiting.id, code, { on });
      expect([wordFor(answer), answer.headers.get('retry-after')]).toEqual(['503 unavailable', '1']);
    }
    expect((await tenant.read(waiting.id)).body).toMatchObject({ status: 'pending', checks: { used: 0 } });
    expect((await tenant.check(waiting.id, waiting.code)).body['valid']).toBe(true);
    const next = await tenant.start();
    expect(await kidOf(next.id)).toBe('second');
    expect((await tenant.check(next.id, next.code, { on })).body['valid']).toBe(true);
  }
});
