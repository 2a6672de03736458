import { workWith } from '../flow/challenge';
import { solveInSlices } from '../flow/puzzle';

/** A file of its own: most people are never asked, and load it never. */
export const work = workWith(solveInSlices);
