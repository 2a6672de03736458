/**
 * What may become of a process. Each rule takes the process as it is and gives the one that it becomes: the caller
 * writes that, if nobody was faster, and asks again otherwise.
 */
import type { Channel } from '../../common/channel';
import type { CodeUnderWay, Process } from './process';

/** A link waits so long for its person; a session of the component is made when the person is there. */
export const LIFE_MS = { page: 30 * 60_000, component: 15 * 60_000 } as const;
/** However long its codes live. */
const LONGEST_LIFE_MS = 60 * 60_000;
/** After the proof was made: to see it, and to take it away. */
const DONE_MS = 10 * 60_000;
/** After the end. Repeats of the backend are answered until then. */
const KEPT_MS = 24 * 60 * 60_000;
/** Over all numbers that are typed, refused ones included: beyond it, a link serves somebody else's purpose. */
export const MAX_MESSAGES = 15;

/** How a process stands to a visitor. */
export type Standing =
  | 'open'
  /** Approved in this browser. */
  | 'done'
  /** Approved in another one. */
  | 'used'
  /** Another browser went on with it. */
  | 'elsewhere'
  | 'canceled'
  | 'over';

/** @param visitor null: a browser without a cookie */
export function standingOf(process: Process, visitor: string | null, now: Date): Standing {
  const isTheirs = visitor !== null && process.visitor === visitor;
  if (now >= process.expiresAt) return 'over';
  if (process.status === 'canceled') return 'canceled';
  if (process.status === 'approved') return isTheirs ? 'done' : 'used';
  return isTheirs || isFree(process) ? 'open' : 'elsewhere';
}

/** Until a message went out another browser may go on; what the backend sent is nobody's before somebody acts on it. */
function isFree({ visitor, hasSent }: Process): boolean {
  return visitor === null || !hasSent;
}

/** The first that acts goes on with it. What was typed in another browser is not shown in this one. */
export function bound(process: Process, visitor: string): Process {
  if (process.visitor === visitor) return process;
  return { ...withoutTyped(process), visitor };
}

function withoutTyped(process: Process): Process {
  const { personal } = process;
  if (!personal.isTyped) return process;
  return { ...process, code: null, personal: { ...personal, to: null, isTyped: false } };
}

/** Whether the person may say which number: not where the backend has said it. */
export function mayTypeNumber({ personal }: Process): boolean {
  return personal.isTyped || personal.to === null;
}

export function withNumber(process: Process, e164: string): Process {
  if (process.personal.to === e164) return process;
  return { ...process, code: null, personal: { ...process.personal, to: e164, isTyped: true } };
}

/** Back to the beginning. The code that is under way stays what it is: others may wait for it too. */
export function numberChanged(process: Process): Process {
  return mayTypeNumber(process) ? withoutTyped(process) : process;
}

export function hasMessagesLeft({ messages }: Process): boolean {
  return messages < MAX_MESSAGES;
}

/** A message is about to be asked for; counted before, so that many at once are not more. A repeat is the same one. */
export function asked(process: Process, operation: string): Process {
  return process.operation === operation
    ? process
    : { ...process, operation, messages: process.messages + 1 };
}

interface Sent {
  readonly verificationId: string;
  readonly channel: Channel;
  /** Of the code. */
  readonly expiresAt: Date;
}

/** The message was taken. The process lives at least as long as its code, within bounds. */
export function sent(process: Process, { verificationId, channel, expiresAt }: Sent, now: Date): Process {
  const before = process.code?.verificationId === verificationId ? process.code : null;
  const code: CodeUnderWay = {
    verificationId,
    channel,
    sends: (before?.sends ?? 0) + 1,
    sentAt: now,
    hadWrong: before?.hadWrong ?? false,
  };
  return { ...process, code, hasSent: true, expiresAt: extended(process, expiresAt) };
}

function extended({ createdAt, expiresAt }: Process, until: Date): Date {
  const longest = createdAt.getTime() + LONGEST_LIFE_MS;
  return new Date(Math.max(expiresAt.getTime(), Math.min(until.getTime(), longest)));
}

export function guessedWrong(process: Process, verificationId: string): Process {
  if (process.code?.verificationId !== verificationId || process.code.hadWrong) return process;
  return { ...process, code: { ...process.code, hadWrong: true } };
}

/**
 * The process's own check said yes, and nothing else leads here. The number is the one that was checked: another tab
 * may have gone on to another one meanwhile.
 */
export function approved(
  process: Process,
  { verificationId, to }: { readonly verificationId: string; readonly to: string },
  now: Date,
): Process {
  if (process.status !== 'open') return process;
  const { code, personal } = process;
  const known = code?.verificationId === verificationId ? code : null;
  return {
    ...process,
    status: 'approved',
    approvedAt: now,
    code: known ?? { verificationId, channel: 'sms', sends: 1, sentAt: now, hadWrong: false },
    expiresAt: new Date(Math.max(process.expiresAt.getTime(), now.getTime() + DONE_MS)),
    personal: { ...personal, to, isTyped: personal.isTyped || personal.to === null },
  };
}

export function canceled(process: Process): Process {
  return process.status === 'open' ? { ...process, status: 'canceled' } : process;
}

export function redeemed(process: Process, call: string, now: Date): Process {
  return process.redeemed ? process : { ...process, redeemed: { at: now, call } };
}

/** By this call or an earlier try of it, and by no other. */
export function isSameRedemption({ redeemed: done }: Process, call: string): boolean {
  return done?.call === call;
}

export function purgeAt({ expiresAt }: Process): Date {
  return new Date(expiresAt.getTime() + KEPT_MS);
}
