/** All traces of all seeds against all guards, and what came of it. */
import { attacks, traps, type Family } from './families';
import { guardNames, guards, type GuardName } from './guards';
import { replay, type Result } from './replay';
import type { Trace } from './traces';

export interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** What one guard did in one family, over all seeds. */
export interface Figures {
  readonly leaked: Spread;
  /** In euros at the assumed prices. */
  readonly leakedEuros: Spread;
  readonly leakedInBlock: Spread;
  /** Over the seeds in which anything was refused; null: nothing ever was. */
  readonly secondsToBlock: Spread | null;
  /** Percent of the honest messages. */
  readonly refusedPercent: Spread;
  readonly blocksBegun: Spread;
  /** The most that a country cost in a day, as a share of its ceiling; 0 without one. */
  readonly mostOfCeiling: Spread;
}

export interface FamilyFigures {
  readonly name: string;
  readonly title: string;
  readonly kind: Family['kind'];
  /** Messages that attackers wanted, or that people asked for. */
  readonly messages: number;
  readonly guards: Readonly<Record<GuardName, Figures>>;
}

export interface CampaignFigures {
  readonly seeds: number;
  readonly families: readonly FamilyFigures[];
  /** How the first seed of (b) went on: messages that had leaked, every few seconds. */
  readonly course: readonly {
    readonly guard: GuardName;
    readonly seconds: number;
    readonly leaked: number;
  }[];
}

/** A share of the values is not above it. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
}

const rounded = (value: number): number => Number(value.toFixed(3));

function spreadOf(results: readonly Result[], of: (result: Result) => number): Spread {
  const values = results.map(of);
  return {
    median: rounded(quantile(values, 0.5)),
    p95: rounded(quantile(values, 0.95)),
    max: rounded(Math.max(...values)),
  };
}

export function figuresOf(results: readonly Result[]): Figures {
  const blocked = results.filter(({ blockedAfterMs }) => blockedAfterMs !== null);
  return {
    leaked: spreadOf(results, ({ leaked }) => leaked),
    leakedEuros: spreadOf(results, ({ leakedMicros }) => leakedMicros / 1e6),
    leakedInBlock: spreadOf(results, ({ leakedInBlock }) => leakedInBlock),
    secondsToBlock:
      blocked.length > 0 ? spreadOf(blocked, ({ blockedAfterMs }) => (blockedAfterMs ?? 0) / 1e3) : null,
    refusedPercent: spreadOf(results, ({ asked, refused }) => (asked > 0 ? (100 * refused) / asked : 0)),
    blocksBegun: spreadOf(results, ({ blocksBegun }) => blocksBegun),
    mostOfCeiling: spreadOf(results, ({ mostOfCeiling }) => mostOfCeiling),
  };
}

/** @param onFamily is told of each family that is done: a campaign takes minutes */
export function runCampaign(seeds: number, onFamily: (figures: FamilyFigures) => void): CampaignFigures {
  const course: CampaignFigures['course'][number][] = [];
  const families = [...attacks, ...traps].map((family) => {
    const results = Object.fromEntries(guardNames.map((name) => [name, [] as Result[]])) as Record<
      GuardName,
      Result[]
    >;
    let messages = 0;
    for (let seed = 1; seed <= seeds; seed += 1) {
      const trace = family.trace(seed);
      for (const name of guardNames) {
        const result = replay(trace, guards[name]());
        results[name].push(result);
        if (seed === 1 && family.name === 'b') course.push(...courseOf(name, result));
      }
      messages = wantedIn(trace, family.kind);
    }
    const figures: FamilyFigures = {
      ...{ name: family.name, title: family.title, kind: family.kind, messages },
      guards: Object.fromEntries(guardNames.map((name) => [name, figuresOf(results[name])])) as Record<
        GuardName,
        Figures
      >,
    };
    onFamily(figures);
    return figures;
  });
  return { seeds, families, course };
}

function wantedIn({ requests, from }: Trace, kind: Family['kind']): number {
  return requests.filter(({ at, isAttack }) => at >= from && isAttack === (kind === 'attack')).length;
}

const COURSE_SECONDS = 420;
const COURSE_STEP = 5;

function courseOf(guard: GuardName, { leakTimes }: Result): CampaignFigures['course'][number][] {
  return Array.from({ length: COURSE_SECONDS / COURSE_STEP + 1 }, (_, i) => {
    const seconds = i * COURSE_STEP;
    return { guard, seconds, leaked: leakTimes.filter((time) => time <= seconds * 1_000).length };
  });
}
