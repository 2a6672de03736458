/**
 * `npm run storms -- [--codes 200] [--guesses 10000] [--keys 1000] [--duplicates 50]`: ten thousand guesses at once at
 * each code, then fifty repeats at once of each create; over two processes.
 */
import { parseArgs } from 'node:util';
import { endWith, withOwnEngine } from '../support/own-engine';
import { guessStorm } from './guess-storm';
import { keyStorm } from './key-storm';

const { values } = parseArgs({
  options: {
    codes: { type: 'string', default: '200' },
    guesses: { type: 'string', default: '10000' },
    keys: { type: 'string', default: '1000' },
    duplicates: { type: 'string', default: '50' },
  },
});
const { log } = console;

/** Each on an installation of its own. */
async function run(): Promise<boolean> {
  const [codes, guesses] = [Number(values.codes), Number(values.guesses)];
  log(`${guesses} guesses at once at each of ${codes} codes`);
  const guessed = await timed(() =>
    withOwnEngine('guesses', {}, (engine) => guessStorm(engine, { codes, guesses, log })),
  );
  const [keys, duplicates] = [Number(values.keys), Number(values.duplicates)];
  log(`${duplicates} repeats at once of each of ${keys} creates`);
  const repeated = await timed(() =>
    withOwnEngine('keys', {}, (engine) => keyStorm(engine, { keys, duplicates, log })),
  );
  const broken = [...guessed, ...repeated];
  for (const promise of broken) log(promise);
  log(`${broken.length} broken promises`);
  return broken.length === 0;
}

async function timed<T>(work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  log(`${Math.round((performance.now() - started) / 1_000)} s`);
  return result;
}

endWith(run());
