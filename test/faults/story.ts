import type { Told } from './fault-client';

/** One call that changes something. `told` stays null until an answer says what it did. */
export interface Call {
  readonly kind: 'create' | 'check' | 'send' | 'cancel';
  /** With the right code? Only of checks. */
  readonly right: boolean;
  readonly path: string;
  readonly body: unknown;
  /** Null: sent without one, so what it did may stay unknown for ever. */
  readonly idempotencyKey: string | null;
  told: Told | null;
}

/** What one person lived through with one number, and what the client was told about it. */
export interface Story {
  readonly to: string;
  readonly calls: Call[];
  verificationId: string | null;
  code: string | null;
  /** The person has done all that was planned. */
  finished: boolean;
}

/** Calls that a repeat can still clear up. */
export const openCalls = (story: Story): Call[] =>
  story.calls.filter((call) => call.told === null && call.idempotencyKey !== null);

/** What the story's client knows for certain, and how much more may have happened. */
export interface Knowledge {
  readonly approvals: number;
  readonly wrong: number;
  /** Checks that may or may not have been evaluated: sent without a key, and never told. */
  readonly unknownWrong: number;
  readonly canceled: boolean;
}

export function knowledgeOf(calls: readonly Call[]): Knowledge {
  const evaluated = calls.filter((call) => call.kind === 'check' && call.told?.status === 200);
  const lost = calls.filter((call) => call.kind === 'check' && call.told === null);
  return {
    approvals: evaluated.filter((call) => call.told?.body.valid === true).length,
    wrong: evaluated.filter((call) => call.told?.body.valid === false).length,
    unknownWrong: lost.length,
    canceled: calls.some((call) => call.kind === 'cancel' && call.told?.status === 200),
  };
}
