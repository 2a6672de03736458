import type { Challenge, View } from '../contract';
import type { Solve } from './puzzle';
import { askVendor, isWidget } from './widgets';

const SLOW_MS = 10_000;

export interface ChallengeHost {
  /** Where a widget goes. */
  readonly place: () => Element | null;
  readonly slow: () => void;
  readonly failed: () => void;
  readonly answered: (answer: string) => void;
}

/** Works on what the view asks for; returns how to stop. */
export type Work = (view: View, challenge: Challenge, host: ChallengeHost) => () => void;

export const workWith =
  (solve: Solve): Work =>
  (view, challenge, host) => {
    const stop = new AbortController();
    const slow = isWidget(challenge) ? undefined : setTimeout(host.slow, SLOW_MS);
    const place = host.place();
    const answer =
      isWidget(challenge) && place !== null
        ? askVendor(challenge, place, view.locale)
        : solve(puzzleOf(challenge), stop.signal);
    answer
      .then(
        (text) => stop.signal.aborted || host.answered(text),
        () => stop.signal.aborted || host.failed(),
      )
      .finally(() => clearTimeout(slow));
    return () => {
      stop.abort();
      clearTimeout(slow);
    };
  };

const puzzleOf = (challenge: Challenge) => ({
  puzzle: String(challenge['puzzle']),
  parts: Number(challenge['parts']),
  bits: Number(challenge['bits']),
});
