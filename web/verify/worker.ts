import { solve, type Puzzle } from '../../docs/proof-of-work.mjs';

/** Solves one puzzle, beside the page. */
globalThis.onmessage = ({ data }: MessageEvent<Puzzle>) => postMessage(solve(data));
