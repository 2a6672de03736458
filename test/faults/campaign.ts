import { setTimeout as sleep } from 'node:timers/promises';
import { FaultClient } from './fault-client';
import { FaultWorld, type Incarnation } from './fault-world';
import { brokenPromises, everyTextIsPaid, judgeTexts } from './invariants';
import { Load, SETTLE_AFTER_MS } from './load';
import { faultsIn } from './log-faults';
import { SeededRandom } from './seeded-random';
import { openCalls } from './story';
import { longestOverdue, readTruth } from './truth';

export interface Campaign {
  /** How the test reaches the database, never through a fault. */
  readonly mongoUri: string;
  /** How each instance reaches it. */
  readonly instances: Readonly<Record<string, string>>;
  readonly clients: number;
  readonly seed: number;
  /** How long the server may take to be able to tell everything; default: leases and records have run out. */
  readonly settleAfterMs?: number;
  /** What goes wrong while the load runs. When it ends, everything must be well again. */
  readonly trouble: (world: FaultWorld, running: Incarnation[], random: SeededRandom) => Promise<void>;
}

export interface CampaignReport {
  readonly verifications: number;
  /** How often a client was left without an answer that says what happened, by what it got instead. */
  readonly unknown: FaultClient['unknown'];
  /** Texts that went out twice, each in the window where that is allowed. */
  readonly duplicates: number;
  /** How long after its lease a delivery was still `sending`, at most, in ms. */
  readonly longestOverdueMs: number;
  readonly broken: readonly string[];
}

/** The gateway takes its time, so that trouble meets texts that were taken and not yet written down. */
const GATEWAY_MS = 100;
const LOOK_EVERY_MS = 1_000;
/** A delivery may be `sending` for a lease and this much more. */
const REDISPATCH_LIMIT_MS = 5_000;

/**
 * Instances under load, in trouble. The clients know all of them. At the end, everything that anybody was told
 * must be true, and everything that stayed open can be told.
 */
export async function runCampaign(campaign: Campaign): Promise<CampaignReport> {
  const world = await FaultWorld.open(campaign.mongoUri);
  try {
    return await underLoad(world, campaign);
  } finally {
    await world.close();
  }
}

async function underLoad(world: FaultWorld, campaign: Campaign): Promise<CampaignReport> {
  const random = new SeededRandom(campaign.seed);
  world.sink.mode = { kind: 'accept', answerAfterMs: GATEWAY_MS };
  const running: Incarnation[] = [];
  for (const [name, uri] of Object.entries(campaign.instances)) running.push(await world.start(name, uri));
  await world.allowManySends(running[0]!.app);
  const urls = running.map(({ app }) => app.url);
  const client = new FaultClient(urls, world.apiKey, random);

  const load = new Load(client, world.sink, random);
  const watch = watchLeases(world);
  load.start(campaign.clients);
  await campaign.trouble(world, running, random);
  await load.stop();
  await sleep(campaign.settleAfterMs ?? SETTLE_AFTER_MS);
  const unknown = { ...client.unknown };
  await load.settle(campaign.clients);
  return { ...(await judge(world, client, load)), unknown, longestOverdueMs: await watch.end() };
}

async function judge(
  world: FaultWorld,
  client: FaultClient,
  load: Load,
): Promise<Pick<CampaignReport, 'verifications' | 'duplicates' | 'broken'>> {
  const stuckMs = await longestOverdue(world.db);
  const truth = await readTruth(world.db);
  const texts = judgeTexts(world.sink.messages, truth, world.incarnations);
  const open = load.stories.flatMap(openCalls).length;
  return {
    verifications: truth.events.size,
    duplicates: texts.duplicates,
    broken: [
      ...client.surprises,
      ...brokenPromises(load.stories, truth),
      ...texts.broken,
      ...everyTextIsPaid(world.sink.messages.length, truth),
      ...(open > 0 ? [`${open} calls with a key were never answered`] : []),
      ...(stuckMs > REDISPATCH_LIMIT_MS ? [`a delivery is sending ${stuckMs} ms after its lease`] : []),
      ...world.incarnations.flatMap(({ name, app }) =>
        faultsIn(app.stdout).map((line) => `${name}: ${line}`),
      ),
    ],
  };
}

function watchLeases(world: FaultWorld): { end: () => Promise<number> } {
  const state = { ended: false, longest: 0 };
  const watching = (async () => {
    while (!state.ended) {
      // Not while the database itself is away.
      state.longest = Math.max(state.longest, await longestOverdue(world.db).catch(() => 0));
      await sleep(LOOK_EVERY_MS);
    }
    return state.longest;
  })();
  return {
    end: () => {
      state.ended = true;
      return watching;
    },
  };
}
