import type { Work } from '../flow/challenge';
import { rootOf } from './root';

/** Where the build put `challenge.ts`, from the root. */
declare const CHALLENGE_FILE: string;

/** What an application's check wants is worked on by code that is loaded only then. */
export const lazyWork: Work = (view, challenge, host) => {
  let stop: (() => void) | null = () => undefined;
  import(rootOf(import.meta.url) + CHALLENGE_FILE).then(({ work }: { work: Work }) => {
    if (stop !== null) stop = work(view, challenge, host);
  }, host.failed);
  return () => {
    stop?.();
    stop = null;
  };
};
