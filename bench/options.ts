import { parseArgs } from 'node:util';
import type { ArrivalKind } from './load/arrivals';
import type { TargetName } from './rig/targets';

export const usage = `npm run bench -- [options]

  --target app|prototype|both   both alternates short rounds and reports the ratio   (app)
  --against FOLDER              alternates with the built app in another checkout: what a change costs
  --clients 1,8,32,64           closed loop: one run per number
  --seconds 10                  length of a run, or of a round with --target both
  --rounds 5                    rounds per target with --target both
  --rate 300                    open loop: pairs per second, latency from the intended start
  --arrivals poisson|fixed      of the open loop                                     (poisson)
  --pairs 100000                memory: so many pairs, resident memory sampled on the way
  --warmup 3                    seconds before the first measurement
  --settle 3                    seconds after a run whose CPU time still counts: the drain's work
  --json                        the report as JSON on standard output

MONGODB_URI names a server to use instead of a mongod of the bench's own; MONGOD_BINARY a binary.`;

export interface BenchOptions {
  readonly targets: readonly TargetName[];
  /** A checkout whose `dist` is the target `before`. */
  readonly against: string | null;
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

const targetsByName: Readonly<Record<string, readonly TargetName[]>> = {
  app: ['app'],
  prototype: ['prototype'],
  both: ['app', 'prototype'],
};

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0`);
  return value;
}

function oneOf<T>(name: string, text: string, choices: Readonly<Record<string, T>>): T {
  const choice = Object.hasOwn(choices, text) ? choices[text] : undefined;
  if (choice === undefined) throw new Error(`--${name} must be one of ${Object.keys(choices).join(', ')}`);
  return choice;
}

/** @throws Error naming the option that is wrong */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      target: { type: 'string', default: 'app' },
      against: { type: 'string' },
      clients: { type: 'string', default: '1,8,32,64' },
      seconds: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '5' },
      rate: { type: 'string' },
      arrivals: { type: 'string', default: 'poisson' },
      pairs: { type: 'string' },
      warmup: { type: 'string', default: '3' },
      settle: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
    },
  });
  const targets = oneOf('target', values.target, targetsByName);
  return {
    targets: values.against === undefined ? targets : [...targets, 'before'],
    against: values.against ?? null,
    clients: values.clients.split(',').map((part) => positive('clients', part)),
    seconds: positive('seconds', values.seconds),
    rounds: positive('rounds', values.rounds),
    rate: values.rate === undefined ? null : positive('rate', values.rate),
    arrivals: oneOf<ArrivalKind>('arrivals', values.arrivals, { poisson: 'poisson', fixed: 'fixed' }),
    pairs: values.pairs === undefined ? null : positive('pairs', values.pairs),
    warmup: positive('warmup', values.warmup),
    settle: positive('settle', values.settle),
    json: values.json,
  };
}
