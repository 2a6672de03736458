import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { SlidingWindow } from '../../throttle/sliding-window';
import { defineRiskCheck, type RiskCall, type RiskVerdict, type StepUpReason } from '../check';
import { PARTS, PARTS_BITS, solvedPuzzle, writePuzzle, type Sign } from '../protocols/puzzle';

const wholeNumber = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,7}$/, error)
    .transform(Number)
    .refine((number) => number >= min && number <= max, error);
};

/** 2^16 hashes are about 0.1 s of a laptop's JavaScript and 1 s of a weak phone's; each step doubles that. */
const difficulty = () => wholeNumber(8, 24);

const config = z
  .strictObject({
    difficulty: difficulty().default(16).describe('Work in quiet times: 2 to this power hashes'),
    maxDifficulty: difficulty().default(18).describe('Work under attack: 2 to this power hashes'),
    calmPerMinute: wholeNumber(1, 1_000_000)
      .default(300)
      .describe('Solved challenges a minute, application and instance up to which times are quiet'),
    lifeSeconds: wholeNumber(30, 1_800).default(300).describe('How long a challenge can be answered'),
  })
  .refine((value) => value.maxDifficulty >= value.difficulty, {
    path: ['maxDifficulty'],
    message: 'must not be below DIFFICULTY',
  });
type Config = z.infer<typeof config>;

const MINUTE_MS = 60_000;
/** By which the clocks of instances may differ. */
const CLOCKS_MS = 60_000;
const ID_BYTES = 12;

export default defineRiskCheck({
  name: 'proof-of-work',
  asksThePerson: true,
  docs: {
    title: 'Proof of work',
    does:
      'Lets the person’s device compute for a moment. Nothing leaves the server and no third party is asked. The ' +
      'challenge is `{puzzle, parts, bits, expiresAt}`; `docs/proof-of-work.mjs` solves it in a browser or Node.js.',
    verified: 'By both solvers against each other, and over two instances.',
  },
  config,
  create: (settings, { clock, sign, redeem }) => {
    // Only solved ones count: who asks for challenges and solves none makes nobody else's harder.
    const solved = new SlidingWindow(MINUTE_MS);
    const signFor =
      ({ applicationId, purpose, number }: RiskCall): Sign =>
      (text) =>
        sign(text, applicationId, purpose, number);
    return {
      check: async (call) => {
        if (call.answer === null) return stepUp('no_answer');
        const puzzle = solvedPuzzle(call.answer, signFor(call));
        if (!puzzle) return stepUp('wrong_answer');
        const leftMs = puzzle.expiresAt.getTime() - clock.now();
        // One made by a clock that is far ahead would outlive the memory of its use.
        if (leftMs <= 0 || leftMs > settings.lifeSeconds * 1000 + CLOCKS_MS) return stepUp('late_answer');
        if (!(await redeem(puzzle.id))) return stepUp('used_answer');
        solved.hit(call.applicationId, Infinity, clock.monotonic());
        return { verdict: 'allow' };
      },
      challenge: (call) => {
        const id = randomBytes(ID_BYTES).toString('base64url');
        const expiresAt = new Date(clock.now() + settings.lifeSeconds * 1000);
        const bits = difficultyAt(solved.hits(call.applicationId, clock.monotonic()), settings) - PARTS_BITS;
        const puzzle = writePuzzle({ id, expiresAt, bits }, signFor(call));
        return { puzzle, parts: PARTS, bits, expiresAt: expiresAt.toISOString() };
      },
    };
  },
});

/** Twice the solved challenges, twice the work for each: an attacker's machines earn no more by being many. */
function difficultyAt(perMinute: number, { difficulty, maxDifficulty, calmPerMinute }: Config): number {
  const steps = Math.ceil(Math.log2(Math.max(perMinute / calmPerMinute, 1)));
  return Math.min(difficulty + steps, maxDifficulty);
}

const stepUp = (reason: StepUpReason): RiskVerdict => ({ verdict: 'step_up', reason });
