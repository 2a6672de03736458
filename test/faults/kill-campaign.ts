import { setTimeout as sleep } from 'node:timers/promises';
import { TcpProxy } from '../support/tcp-proxy';
import { type CampaignReport, runCampaign } from './campaign';
import type { FaultWorld, Incarnation } from './fault-world';
import type { SeededRandom } from './seeded-random';

export interface KillCampaign {
  readonly mongoUri: string;
  /** How often an instance is killed, over all. */
  readonly cycles: number;
  readonly clients: number;
  readonly seed: number;
  readonly log?: (line: string) => void;
}

/** A campaign with fewer than this, on average, has killed nobody at work. */
export const VERIFICATIONS_PER_KILL = 5;

const INSTANCES = ['north', 'south', 'west'] as const;
const LONGEST_PAUSE_MS = 700;
/** Mostly somebody still serves. */
const ALL_AT_ONCE = 0.05;

/** Every answer of the database takes this long, so that many kills meet a write that is done and not yet heard of. */
const DATABASE_MS = 15;

/** Three instances, killed again and again at random moments and started again at once. */
export async function runKillCampaign(campaign: KillCampaign): Promise<CampaignReport> {
  const { mongoUri, clients, seed } = campaign;
  const { port, pathname } = new URL(mongoUri);
  const proxy = await TcpProxy.start(Number(port));
  proxy.delay(DATABASE_MS);
  const slowUri = proxy.mongoUri(pathname.slice(1));
  try {
    return await runCampaign({
      mongoUri,
      clients,
      seed,
      instances: Object.fromEntries(INSTANCES.map((name) => [name, slowUri])),
      trouble: (world, running, random) =>
        killAgainAndAgain(world, { ...campaign, mongoUri: slowUri }, running, random),
    });
  } finally {
    await proxy.close();
  }
}

async function killAgainAndAgain(
  world: FaultWorld,
  { cycles, mongoUri, log }: KillCampaign,
  running: Incarnation[],
  random: SeededRandom,
): Promise<void> {
  const down = new Map<number, Promise<void>>();
  const restart = async (n: number): Promise<void> => {
    await world.kill(running[n]!);
    running[n] = await world.start(INSTANCES[n]!, mongoUri);
    down.delete(n);
  };
  for (let done = 0; done < cycles;) {
    await sleep(random.between(0, LONGEST_PAUSE_MS));
    const up = INSTANCES.flatMap((_, n) => (down.has(n) ? [] : [n]));
    const victims = random.chance(ALL_AT_ONCE) ? up : [random.pick(up)];
    for (const n of victims) down.set(n, restart(n));
    done += victims.length;
    if (done % 50 < victims.length) log?.(`${done} of ${cycles} kills`);
    while (down.size >= INSTANCES.length - 1) await Promise.race(down.values());
  }
  await Promise.all(down.values());
  log?.('the last instance is back; waiting for leases to run out');
}
