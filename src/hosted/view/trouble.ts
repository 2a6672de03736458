/** What went wrong with the last action, in the words of the page. */
import type { Channel, Challenge, Problem, Screen } from '../../../web/verify/contract';
import { DomainError, type ErrorCode, type ErrorDetails } from '../../common/errors';

export interface Trouble {
  /** Where it leads; absent: where the process stands. */
  readonly screen?: Extract<Screen, 'number' | 'challenge' | 'limit' | 'locked' | 'unreachable'>;
  readonly problem?: Problem;
  readonly until?: Date | null;
  readonly challenge?: Challenge;
  /** What was typed into the field with the problem. */
  readonly typed?: string;
  /** The channel that was asked for. */
  readonly channel?: Channel;
}

export const noTrouble: Trouble = {};

/** About the call that was refused. */
export interface Asked {
  /** The database's time. */
  readonly now: Date;
  /** The backend gave the number: the person cannot mend it. */
  readonly isGiven: boolean;
  /** The person answered a challenge. */
  readonly hadAnswer: boolean;
}

type Maker = (details: ErrorDetails, asked: Asked) => Trouble;

const limit: Maker = (details, asked) => ({ screen: 'limit', until: untilOf(details, asked) });
const aboutNumber =
  (problem: Problem): Maker =>
  (_, { isGiven }) =>
    isGiven ? { screen: 'unreachable' } : { screen: 'number', problem };
/** The verification has ended: the page shows how. */
const ended: Maker = () => noTrouble;

const numberProblems: Readonly<Record<string, Problem>> = {
  too_short: 'number_too_short',
  too_long: 'number_too_long',
  country_required: 'country_missing',
  country_not_allowed: 'country_not_allowed',
  number_type_not_allowed: 'number_type',
};

/** @param reason of the numbering plan or the application's settings */
export function numberTrouble(reason: string | null | undefined): Problem {
  return numberProblems[reason ?? ''] ?? 'number_invalid';
}

/** Of a number that is blocked no more is said than of one that no message reaches. */
const makers: Partial<Readonly<Record<ErrorCode, Maker>>> = {
  resend_too_soon: (details, asked) => ({ problem: 'too_soon', until: untilOf(details, asked) }),
  send_limit_reached: limit,
  limit_reached: limit,
  budget_exhausted: limit,
  verification_pending: () => ({ screen: 'limit', until: null }),
  recipient_locked: ({ lockedUntil }) => ({ screen: 'locked', until: lockedUntil ?? null }),
  number_blocked: () => ({ screen: 'unreachable' }),
  country_not_allowed: aboutNumber('country_not_allowed'),
  number_type_not_allowed: aboutNumber('number_type'),
  phone_invalid: ({ reason }, asked) => aboutNumber(numberTrouble(reason))({}, asked),
  challenge_required: ({ challenge }, { hadAnswer }) => ({
    screen: 'challenge',
    challenge: { check: '', ...challenge },
    ...(hadAnswer ? { problem: 'challenge_failed' } : {}),
  }),
  verification_approved: ended,
  verification_failed: ended,
  verification_expired: ended,
  verification_canceled: ended,
  verification_superseded: ended,
  verification_not_found: ended,
  idempotency_in_progress: () => ({ problem: 'busy' }),
  rate_limited: () => ({ problem: 'busy' }),
  unavailable: () => ({ problem: 'unavailable' }),
};

/** Null: a fault of ours, or of the caller's, that no page can explain. */
export function troubleOf(error: unknown, asked: Asked): Trouble | null {
  if (!(error instanceof DomainError)) return null;
  return makers[error.code]?.(error.details, asked) ?? null;
}

function untilOf({ retryAfterSeconds }: ErrorDetails, { now }: Asked): Date | null {
  return retryAfterSeconds === undefined ? null : new Date(now.getTime() + retryAfterSeconds * 1000);
}
