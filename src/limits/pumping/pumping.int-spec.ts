import { aKeyRing } from '../../../test/builders/key-ring';
import { aSend } from '../../../test/support/limits-instance';
import { useDatabase } from '../../../test/support/mongo';
import type { AuditEvent } from '../../audit/audit-event';
import { systemClock } from '../../common/clock';
import type { SendCall } from '../gate';
import { LimitLogRepository } from '../log/limit-log.repository';
import { LIMIT_LOG } from '../log/limit-log.repository';
import { LimitLog } from '../log/limit-log.service';
import { PumpingGate } from './pumping.gate';
import { PumpingService } from './pumping.service';
import { windows } from './rules';

const mongo = useDatabase();
const events: AuditEvent[] = [];
const started: LimitLog[] = [];
const audit = {
  append: async (some: readonly AuditEvent[]) => void events.push(...some),
  recordRefusal: () => undefined,
};
afterEach(async () => {
  for (const log of started.splice(0)) await log.beforeApplicationShutdown();
  events.length = 0;
  await mongo.durableDb.collection(LIMIT_LOG).deleteMany({});
});

/** An instance in production, where the guard is on. */
async function anInstance() {
  const log = new LimitLog(new LimitLogRepository(mongo.durableDb), systemClock);
  const pumping = new PumpingService(log, aKeyRing(), audit);
  await log.onApplicationBootstrap();
  started.push(log);
  const gate = new PumpingGate(pumping, new Map(), { isProduction: true }, audit);
  const settled = (): Promise<void> =>
    new Promise((landed) => log.add({ record: { kind: 'charge', at: 1, keys: [], windows: [] }, landed }));
  return { log, gate, settled };
}

const to = (i: number): SendCall => aSend({ number: `+3460012${String(i).padStart(4, '0')}`, settings: {} });

/** @returns how many were let through */
async function burst(gates: readonly PumpingGate[], count: number, from = 0): Promise<number> {
  const passages = await Promise.all(
    Array.from({ length: count }, (_, i) => Promise.resolve(gates[i % gates.length]!.enter(to(from + i)))),
  );
  return passages.filter(({ refusal }) => refusal === null).length;
}

describe('the guard of two instances', () => {
  // Catches: what is let through counts only when the log has it, so that a burst slips in between.
  it('lets each have a window in a burst, and both together none after it', async () => {
    const [one, other] = [await anInstance(), await anInstance()];
    expect(await burst([one.gate, other.gate], 200)).toBeLessThanOrEqual(2 * windows.prefix10k);
    await one.settled();
    await other.settled();
    await one.settled();
    expect(await burst([one.gate, other.gate], 40, 1_000)).toBe(0);
  });

  it('says once that a prefix is blocked, with what was measured and without a number', async () => {
    const [one, other] = [await anInstance(), await anInstance()];
    await burst([one.gate, other.gate], 200);
    await one.settled();
    await other.settled();
    await one.settled();
    const blocked = events.filter(
      ({ type, data }) => type === 'prefix_blocked' && data['level'] === 'prefix1k',
    );
    expect(blocked.map(({ applicationId, to, data }) => [applicationId, to, data['prefix']])).toEqual([
      ['app', null, '34600120'],
    ]);
  });

  it('is one: a code typed at one pays for messages of the other', async () => {
    const [one, other] = [await anInstance(), await anInstance()];
    for (let i = 0; i < 60; i += 1) {
      expect(await burst([one.gate], 1, i)).toBe(1);
      other.gate.confirmed(to(i));
      await one.settled();
      await other.settled();
    }
    expect(events).toEqual([]);
  });

  // Catches: a create that was refused after the guard, or joined quietly, stays charged.
  it('takes back what did not go out, before and after it is in the log', async () => {
    const { gate, settled } = await anInstance();
    for (let i = 0; i < 60; i += 1) {
      const passage = await gate.enter(to(i));
      expect(passage.refusal).toBeNull();
      if (i % 2) await settled();
      passage.undo?.();
      await settled();
    }
    expect(events).toEqual([]);
  });

  it('is known to an instance that starts later', async () => {
    const one = await anInstance();
    for (const from of [0, 100, 200]) {
      await burst([one.gate], 50, from);
      await one.settled();
    }
    const late = await anInstance();
    expect(await burst([late.gate], 10, 500)).toBe(0);
  });

  it('previews without effect', async () => {
    const { gate, settled } = await anInstance();
    for (let i = 0; i < 60; i += 1) {
      await expect(gate.preview(to(i))).resolves.toEqual([
        expect.objectContaining({ rule: 'pumping', outcome: 'allowed' }),
      ]);
    }
    await settled();
    expect(await mongo.durableDb.collection(LIMIT_LOG).countDocuments()).toBe(1);
    expect(await burst([gate], 5)).toBe(5);
  });
});
