/** The figures as tables: on the terminal and in docs/pumping.md. */
import { row, table } from '../../scripts/markdown';
import type { CampaignFigures, FamilyFigures, Figures, Spread } from './campaign';
import { guardNames, type GuardName } from './guards';

const whole = (value: number): string => value.toFixed(0);
const percent = (value: number): string =>
  value === 0 ? '0' : value.toFixed(value < 0.1 ? 3 : value < 10 ? 2 : 0);
const euros = (value: number): string => value.toFixed(value < 10 ? 2 : 0);

const three = ({ median, p95, max }: Spread, as: (value: number) => string): string =>
  `${as(median)} / ${as(p95)} / ${as(max)}`;

function attackRow({ title, messages, guards }: FamilyFigures): string {
  const ours = guards.sixdigit;
  const others = guardNames.filter((name) => name !== 'sixdigit');
  return row(
    title,
    whole(messages),
    three(ours.leaked, whole),
    three(ours.leakedInBlock, whole),
    euros(ours.leakedEuros.median),
    ours.secondsToBlock ? whole(ours.secondsToBlock.median) : 'never',
    percent(ours.refusedPercent.p95),
    ...others.map(
      (name) => `${whole(guards[name].leaked.median)} (${percent(guards[name].refusedPercent.median)})`,
    ),
  );
}

/** Ceilings are for attacks; how many people they refuse in a good hour is for whoever sets them. */
const trapGuards = guardNames.filter((name): name is GuardName => name !== 'sixdigit and a money ceiling');

function trapRow({ title, messages, guards }: FamilyFigures): string {
  return row(
    title,
    whole(messages),
    ...trapGuards.map((name) => three(guards[name].refusedPercent, percent)),
    three(guards.sixdigit.blocksBegun, whole),
  );
}

export function attackTable({ families }: Pick<CampaignFigures, 'families'>): string {
  const head = [
    ...[
      'attack',
      'messages',
      'sixdigit: leaked',
      'most in one 10k block',
      '€, median',
      'first refused after s',
    ],
    'people refused %, p95',
    ...guardNames
      .filter((name) => name !== 'sixdigit')
      .map((name) => `${name}: leaked (people refused %), median`),
  ];
  return table(head, families.filter(({ kind }) => kind === 'attack').map(attackRow));
}

export function trapTable({ families }: Pick<CampaignFigures, 'families'>): string {
  const head = [
    'honest traffic',
    'messages',
    ...trapGuards.map((name) => `${name}: refused %`),
    'blocks begun',
  ];
  return table(head, families.filter(({ kind }) => kind === 'honest').map(trapRow));
}

/** What is promised, and whether it held. */
export function promises({
  families,
}: Pick<CampaignFigures, 'families'>): { text: string; isKept: boolean }[] {
  const ours = (...names: string[]): Figures[] =>
    families.filter(({ name }) => names.includes(name)).map(({ guards }) => guards.sixdigit);
  const all = (names: string[], holds: (figures: Figures) => boolean): boolean => {
    const found = ours(...names);
    return found.length === names.length && found.every(holds);
  };
  return [
    {
      text: '(a), (b): at most 25 leaked in a 10k block, at p95',
      isKept: all(['a', 'b'], ({ leakedInBlock }) => leakedInBlock.p95 <= 25),
    },
    {
      text: '(a), (b): at most 200 leaked in a country, at p95',
      isKept: all(['a', 'b'], ({ leaked }) => leaked.p95 <= 200),
    },
    {
      text: 'ordinary days, small and large: at most 0.1 % refused, in every seed',
      isKept: all(['clean', 'large'], ({ refusedPercent }) => refusedPercent.max <= 0.1),
    },
    {
      text: 'spikes: at most 1 % refused, in every seed',
      isKept: all(['launch', 'advert'], ({ refusedPercent }) => refusedPercent.max <= 1),
    },
    {
      text: 'an outage: no prefix blocked, in any seed',
      isKept: all(['outage'], ({ blocksBegun }) => blocksBegun.max === 0),
    },
    {
      text: 'money ceilings: never passed, in any attack and seed',
      isKept: families.every(({ guards }) => guards['sixdigit and a money ceiling'].mostOfCeiling.max <= 1),
    },
  ];
}
