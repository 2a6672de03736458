import { parseArgs } from 'node:util';
import type { ArrivalKind } from './load/arrivals';
import type { TargetName } from './rig/targets';

export const usage = `npm run bench -- [options]

What is measured
  --targets product             of product, unlimited (no limits), prototype, before, separated by commas: they
                                take turns                                                           (product)
  --against FOLDER              adds the target before: the built app of another checkout
  --instances 2                 adds the target instances: so many processes of the product behind round robin;
                                half of the checks (of two) go to another process than the create

How it is loaded
  --clients 32,8,1              closed loop: one measurement per number                              (32,8,1)
  --rate 300                    open loop instead: pairs per second, latency from the intended start
  --arrivals poisson|fixed      of the open loop                                                     (poisson)
  --pairs 100000                memory instead: so many pairs, resident memory on the way, 32 clients or --clients

How long
  --seconds 10                  length of a run                                                      (10)
  --rounds 7                    runs per target; each round starts with another target    (7, 1 for one target)
  --warmup 2                    seconds of the same load before each run, not counted                (2)
  --settle 5                    after a run, at most so many seconds until no event waits in a slot: what was
                                put off is charged to its pairs                                      (5)
  --json                        the report as JSON on standard output

Ratios are those of the first target over each other one, round by round.
MONGODB_URI names a server to use instead of a mongod of the bench's own; MONGOD_BINARY a binary.`;

export interface BenchOptions {
  readonly targets: readonly TargetName[];
  /** A checkout whose `dist` is the target `before`. */
  readonly against: string | null;
  /** Processes of the target `instances`. */
  readonly instances: number;
  readonly clients: readonly number[];
  readonly seconds: number;
  readonly rounds: number;
  readonly rate: number | null;
  readonly arrivals: ArrivalKind;
  readonly pairs: number | null;
  readonly warmup: number;
  readonly settle: number;
  readonly json: boolean;
}

const DEFAULT_ROUNDS = 7;

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0`);
  return value;
}

function oneOf<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((one) => one === text);
  if (choice === undefined) throw new Error(`--${name} must be one of ${choices.join(', ')}`);
  return choice;
}

interface Named {
  readonly targets: string;
  readonly against?: string | undefined;
  readonly instances?: string | undefined;
}

function targetsOf({ targets, against, instances }: Named): TargetName[] {
  const names = targets
    .split(',')
    .map((name) => oneOf<TargetName>('targets', name, ['product', 'unlimited', 'prototype', 'before']));
  if (names.includes('before') && against === undefined) throw new Error('--targets before needs --against');
  const added: TargetName[] = [];
  if (against !== undefined) added.push('before');
  if (instances !== undefined) added.push('instances');
  return [...new Set([...names, ...added])];
}

/** @throws Error naming the option that is wrong */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      targets: { type: 'string', default: 'product' },
      against: { type: 'string' },
      instances: { type: 'string' },
      clients: { type: 'string', default: '32,8,1' },
      seconds: { type: 'string', default: '10' },
      rounds: { type: 'string' },
      rate: { type: 'string' },
      arrivals: { type: 'string', default: 'poisson' },
      pairs: { type: 'string' },
      warmup: { type: 'string', default: '2' },
      settle: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
    },
  });
  const targets = targetsOf(values);
  return {
    targets,
    against: values.against ?? null,
    instances: positive('instances', values.instances ?? '1'),
    clients: values.clients.split(',').map((part) => positive('clients', part)),
    seconds: positive('seconds', values.seconds),
    rounds: positive('rounds', values.rounds ?? String(targets.length > 1 ? DEFAULT_ROUNDS : 1)),
    rate: values.rate === undefined ? null : positive('rate', values.rate),
    arrivals: oneOf('arrivals', values.arrivals, ['poisson', 'fixed']),
    pairs: values.pairs === undefined ? null : positive('pairs', values.pairs),
    warmup: positive('warmup', values.warmup),
    settle: positive('settle', values.settle),
    json: values.json,
  };
}
