import { solvePart, type Puzzle } from '../../../docs/proof-of-work.mjs';

export type Solve = (puzzle: Puzzle, stopped: AbortSignal) => Promise<string>;

/** Beside the page, which stays alive. */
export const solveInWorker =
  (path: string): Solve =>
  (puzzle, stopped) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(path, { type: 'module' });
      const end = () => worker.terminate();
      stopped.addEventListener('abort', end);
      worker.onmessage = ({ data }: MessageEvent<string>) => {
        end();
        resolve(data);
      };
      worker.onerror = () => {
        end();
        reject(new Error('worker'));
      };
      worker.postMessage(puzzle);
    });

/**
 * In the page of somebody else, whose policy allows no worker from another origin: part by part, some milliseconds
 * each, and the page breathes in between.
 */
export const solveInSlices: Solve = async (puzzle, stopped) => {
  const { parts } = puzzle;
  let answer = puzzle.puzzle;
  for (let part = 0; part < parts && !stopped.aborted; part += 1) {
    answer += `.${solvePart(puzzle, part)}`;
    await new Promise((next) => setTimeout(next));
  }
  return answer;
};
