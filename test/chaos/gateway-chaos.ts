/**
 * Deliveries through `SmsService` to gateways with bad days, over real sockets: what the engine makes of them, and
 * what the persons get. Nothing is simulated but the vendors.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { UndiciHttpClient } from '../../src/common/outbound/http-client.service';
import { newId } from '../../src/common/ids';
import httpGateway from '../../src/sms/gateways/http';
import type { DeliveryRules } from '../../src/sms/routing/delivery-rules';
import type { SmsDelivery, Gateway } from '../../src/sms/gateway';
import type { SmsService } from '../../src/sms/sms.service';
import { aDelivery } from '../builders/deliver-input';
import { smsServiceWith } from '../builders/sms-service';
import { gatewayTools } from '../../src/testing/contracts/gateway-tools';
import { SeededRandom } from '../faults/seeded-random';
import { ChaoticGateway } from './chaotic-gateway';
import type { SeenText, Trouble } from './chaotic-gateway';

export interface ChaosPlan {
  readonly deliveries: number;
  readonly perSecond: number;
  readonly seed: number;
  /** By name; `dead` refuses every connection. */
  readonly gateways: Readonly<Record<string, Trouble | 'dead'>>;
  /** As `SMS_ROUTES`. */
  readonly routes: string;
  /** What the application sets; absent: nothing. */
  readonly rules?: Partial<DeliveryRules>;
}

/** The chaos: one gateway is dead, one takes texts without saying so, one answers errors. */
export const troubleApart: Pick<ChaosPlan, 'gateways' | 'routes'> = {
  gateways: { dead: 'dead', silent: { hang: 0.3 }, failing: { error: 0.2 } },
  routes: '*:dead,silent,failing',
};

/** Harder: both gateways that live do both. */
export const troubleEverywhere: Pick<ChaosPlan, 'gateways' | 'routes'> = {
  gateways: { dead: 'dead', one: { hang: 0.3, error: 0.2 }, two: { hang: 0.3, error: 0.2 } },
  routes: '*:dead,one|two',
};

/** For those who would rather pay for two texts than miss one. */
export const persistent: Partial<DeliveryRules> = { onUnknown: 'repeat', maxCalls: 8 };

export interface ChaosReport {
  readonly deliveries: number;
  /** Share of deliveries of which a gateway said within 10 s that it took the text. */
  readonly toldAcceptedIn10s: number;
  /** Share of which a gateway did take it within 10 s, said or not: what the persons get. */
  readonly takenIn10s: number;
  /** Deliveries that ended otherwise than accepted, by outcome. */
  readonly notAccepted: Readonly<Record<string, number>>;
  /** Persons who got the text more than once, as a share. */
  readonly duplicates: number;
  /** As the engine counted them: possible ones. */
  readonly possibleDuplicates: number;
  /** Persons who got two different codes: must be 0. */
  readonly differentCodes: number;
  readonly attemptsPerDelivery: number;
  /** Calls of one delivery that may have been taken: the copies of one code, at most. */
  readonly mostCopies: number;
  readonly acceptedAfterMs: Quantiles;
  readonly breakers: Readonly<Record<string, string>>;
}

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

interface Done {
  readonly id: string;
  readonly startedAt: number;
  readonly ms: number;
  readonly result: SmsDelivery;
}

interface World {
  readonly sms: SmsService;
  readonly vendors: Readonly<Record<string, ChaoticGateway>>;
  stop(): Promise<void>;
}

/** An engine and its vendors. */
async function startWorld(plan: Pick<ChaosPlan, 'seed' | 'gateways' | 'routes'>): Promise<World> {
  const http = new UndiciHttpClient({ allowPrivate: true });
  const vendors: Record<string, ChaoticGateway> = {};
  const gateways: Record<string, Gateway> = {};
  let seed = plan.seed;
  for (const [name, trouble] of Object.entries(plan.gateways)) {
    const vendor = await ChaoticGateway.start(
      trouble === 'dead' ? {} : trouble,
      new SeededRandom((seed += 1)),
    );
    const settings = httpGateway.config.parse({ url: vendor.url });
    gateways[name] = httpGateway.create(settings, gatewayTools(http));
    vendors[name] = vendor;
    if (trouble === 'dead') await vendor.stop();
  }
  const stop = async () => {
    await http.close();
    await Promise.all(Object.values(vendors).map((vendor) => vendor.stop()));
  };
  return { sms: smsServiceWith(gateways, plan.routes), vendors, stop };
}

export async function runGatewayChaos(plan: ChaosPlan): Promise<ChaosReport> {
  const world = await startWorld(plan);
  try {
    const done = await deliverAll(world.sms, plan);
    return reportOf(done, world);
  } finally {
    await world.stop();
  }
}

/** At a steady pace, whatever becomes of those before: persons do not wait for each other. */
async function deliverAll(
  sms: SmsService,
  { deliveries, perSecond, rules = {} }: ChaosPlan,
): Promise<Done[]> {
  const begin = performance.now();
  const running: Promise<Done>[] = [];
  for (let n = 0; n < deliveries; n += 1) {
    const due = begin + (n * 1_000) / perSecond;
    if (due > performance.now()) await sleep(due - performance.now());
    running.push(deliverOne(sms, String(100_000 + (n % 900_000)), rules));
  }
  return Promise.all(running);
}

async function deliverOne(sms: SmsService, code: string, rules: Partial<DeliveryRules>): Promise<Done> {
  const id = newId();
  const startedAt = performance.now();
  const text = `Your code is ${code}.`;
  const result = await sms.deliver(aDelivery({ deliveryId: id, code, text, rules }));
  return { id, startedAt, ms: performance.now() - startedAt, result };
}

function reportOf(done: readonly Done[], { sms, vendors }: World): ChaosReport {
  const texts = new Map<string, SeenText[]>();
  for (const text of Object.values(vendors).flatMap(({ seen }) => seen))
    if (text.isTaken) texts.set(text.id, [...(texts.get(text.id) ?? []), text]);
  const textsOf = ({ id }: Done): readonly SeenText[] => texts.get(id) ?? [];
  const accepted = done.filter(({ result }) => result.outcome === 'accepted');
  const share = (holds: (one: Done) => boolean) => done.filter(holds).length / done.length;
  const inTime = (one: Done, at: number) => at - one.startedAt <= 10_000;
  const reports = sms.report();
  return {
    deliveries: done.length,
    toldAcceptedIn10s: share((one) => one.result.outcome === 'accepted' && one.ms <= 10_000),
    takenIn10s: share((one) => textsOf(one).some(({ arrivedAt }) => inTime(one, arrivedAt))),
    notAccepted: countBy(done.filter((one) => !accepted.includes(one)).map(({ result }) => result.outcome)),
    duplicates: share((one) => textsOf(one).length > 1),
    possibleDuplicates: reports.reduce((sum, { duplicates }) => sum + duplicates, 0),
    differentCodes: done.filter((one) => new Set(textsOf(one).map(({ code }) => code)).size > 1).length,
    attemptsPerDelivery: done.reduce((sum, { result }) => sum + result.attempts.length, 0) / done.length,
    mostCopies: Math.max(...done.map(({ result }) => result.attempts.filter(mayHaveTaken).length)),
    acceptedAfterMs: quantilesOf(accepted.map(({ ms }) => ms)),
    breakers: Object.fromEntries(
      reports.map(({ name, destinations }) => [name, destinations.map(({ state }) => state).join()]),
    ),
  };
}

/** How long the engine takes from a definite refusal's answer to the arrival at the next gateway; infinite: for ever. */
export async function measureFailover(deliveries: number, perSecond: number): Promise<Quantiles> {
  const seed = 1;
  const world = await startWorld({
    seed,
    gateways: { refusing: { refuse: 0.4 }, next: {} },
    routes: '*:refusing,next',
  });
  try {
    await deliverAll(world.sms, { deliveries, perSecond, seed, gateways: {}, routes: '' });
    const refused = world.vendors['refusing']?.seen.filter(({ isTaken }) => !isTaken) ?? [];
    const next = new Map(world.vendors['next']?.seen.map((text) => [text.id, text.arrivedAt]));
    const delays = refused.map(({ id, answeredAt }) => (next.get(id) ?? Infinity) - (answeredAt ?? 0));
    return quantilesOf(delays);
  } finally {
    await world.stop();
  }
}

const mayHaveTaken = ({ outcome }: { outcome: string }): boolean =>
  outcome === 'accepted' || outcome === 'unknown';

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? NaN) * 10) / 10;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
