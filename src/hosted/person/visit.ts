/** Somebody at a process: who, with which language, from where. */
import type { Locale } from '../../../web/verify/languages';
import type { Application } from '../../applications/application';
import { contextOf, type CallContext } from '../../otp/verifications/call-context';
import type { Process } from '../process/process';
import type { Known } from '../process/processes.service';
import { bound, standingOf, type Standing } from '../process/rules';

export interface Visit {
  readonly known: Known;
  readonly application: Application;
  /** See `Process.visitor`. */
  readonly visitor: string;
  readonly locale: Locale;
  readonly clientIp: string;
  /** The host that a browser may fill codes in for; null: none that the message could name. */
  readonly webOtpDomain: string | null;
}

/** What the person causes is done in the name of the key that began the process. */
export function contextIn({ application, known }: Visit): CallContext {
  return contextOf(application, known.process.keyId);
}

export function standingIn({ known, visitor }: Visit): Standing {
  return standingOf(known.process, visitor, known.now);
}

/** The process as it would be if this visitor acted now: nothing that another one typed. */
export function seenIn({ known, visitor }: Visit): Process {
  return standingOf(known.process, visitor, known.now) === 'open'
    ? bound(known.process, visitor)
    : known.process;
}

/** A rule for whoever may go on with the process; for everybody else it stays as it is. */
export function ifOpen(
  visitor: string,
  rule: (process: Process, now: Date) => Process,
): (process: Process, now: Date) => Process {
  return (process, now) =>
    standingOf(process, visitor, now) === 'open' ? rule(bound(process, visitor), now) : process;
}
