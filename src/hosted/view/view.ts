/** The whole of what a page or a component is told: nothing is decided in a browser. */
import type { Brand, Channel, View } from '../../../web/verify/contract';
import type { Policy } from '../../otp/policy/policy';
import type { VerificationView } from '../../otp/verifications/read/verification.view';
import type { Process } from '../process/process';
import { hasMessagesLeft, mayTypeNumber, type Standing } from '../process/rules';
import { fullNumber, maskedEmail, maskedForPeople } from './masks';
import { withResult } from './return-url';
import { screenOf } from './screen';
import type { Trouble } from './trouble';

/** What is the same on every screen. */
export interface Frame {
  readonly locale: string;
  readonly direction: View['direction'];
  readonly brand: Brand;
  readonly now: Date;
  readonly operation: string;
  readonly formToken: string;
  readonly autoSubmit: boolean;
}

export interface Scene extends Frame {
  /** As the visitor may see it: see `seenBy`. */
  readonly process: Process;
  readonly standing: Standing;
  readonly verification: VerificationView | null;
  /** Those that the person may use, the usual one first. */
  readonly channels: readonly [Channel, ...Channel[]];
  readonly policy: Policy;
  readonly allowedCountries: readonly string[] | null;
  /** The proof; null where there is none. */
  readonly resultToken: string | null;
  readonly trouble: Trouble;
}

/** A screen that shows nothing of any process. */
export function bareView(screen: View['screen'], frame: Frame): View {
  const { now, ...shown } = frame;
  return {
    ...shown,
    screen,
    serverTime: now.toISOString(),
    number: null,
    countries: null,
    country: null,
    typed: null,
    channel: 'sms',
    channels: [],
    email: null,
    codeLength: 6,
    codeAlphabet: 'numeric',
    sentAt: null,
    sends: 0,
    expiresAt: null,
    resendAt: null,
    checksLeft: null,
    ended: null,
    problem: null,
    until: null,
    challenge: null,
    transaction: null,
    continueUrl: null,
    cancelUrl: null,
    resultToken: null,
  };
}

export function viewOf(scene: Scene): View {
  const { process, standing, verification, trouble } = scene;
  const { screen, ended } = screenOf(process, standing, verification, trouble);
  const { locale, direction, brand, now, operation, formToken, autoSubmit } = scene;
  const bare = bareView(screen, { locale, direction, brand, now, operation, formToken, autoSubmit });
  const view = { ...bare, cancelUrl: standing === 'done' ? null : process.cancelUrl };
  if (standing === 'done') return { ...view, ...done(scene) };
  if (standing !== 'open') return view;
  return { ...view, ended, ...numberPart(scene), ...codePart(scene), ...troublePart(trouble) };
}

/** The page takes the proof along in its address, the component hands it to the page around it. */
function done({ process, resultToken, verification }: Scene): Partial<View> {
  const number = verification?.to ?? process.personal.to;
  const shown = number === null ? {} : { number: { ...numberShown(process, number), isOwn: false } };
  if (process.surface === 'component') return { ...shown, resultToken };
  const isThere = resultToken !== null && process.returnUrl !== null;
  return { ...shown, continueUrl: isThere ? withResult(process.returnUrl, resultToken) : null };
}

function numberPart({ process, allowedCountries, channels }: Scene): Partial<View> {
  const { to, email, transaction } = process.personal;
  const only = allowedCountries?.length === 1 ? (allowedCountries[0] ?? null) : null;
  const channel = process.code?.channel ?? channels[0];
  return {
    number: to === null ? null : { ...numberShown(process, to), isOwn: mayTypeNumber(process) },
    countries: allowedCountries,
    country: process.country ?? only,
    channel,
    channels: channels.filter((other) => other !== channel),
    email: email !== null && channels.includes('email') ? maskedEmail(email) : null,
    transaction,
  };
}

/** In full only to the one who typed it. */
function numberShown({ personal }: Process, to: string): { readonly shown: string } {
  return { shown: personal.isTyped ? fullNumber(to) : maskedForPeople(to) };
}

function codePart(scene: Scene): Partial<View> {
  const { process, verification, policy, now } = scene;
  const live = verification?.status === 'pending' ? verification : null;
  return {
    ...sentPart(process),
    codeLength: verification?.codeLength ?? policy.codeLength,
    codeAlphabet: policy.codeAlphabet,
    expiresAt: live && earlier(live.expiresAt, process.expiresAt).toISOString(),
    resendAt: hasMessagesLeft(process) ? resendAt(scene, now).toISOString() : null,
    checksLeft: live && process.code?.hadWrong ? live.checks.max - live.checks.used : null,
  };
}

function sentPart({ code }: Process): Partial<View> {
  return code ? { sentAt: code.sentAt.toISOString(), sends: code.sends } : {};
}

/** The verification is read after the process: what it calls "now" is a moment later. */
const SAME_MOMENT_MS = 1_000;

/**
 * A code that was under way before this process joined it looks like a new one: its cool-down begins with the message
 * that this process asked for, whether or not one went out.
 */
function resendAt({ process, verification, policy }: Scene, now: Date): Date {
  const coolsUntil = (process.code?.sentAt.getTime() ?? -Infinity) + policy.cooldownSeconds * 1000;
  const nextAt = verification?.sends.nextAt?.getTime() ?? -Infinity;
  const isLater = nextAt - now.getTime() > SAME_MOMENT_MS;
  return new Date(Math.max(now.getTime(), isLater ? nextAt : -Infinity, coolsUntil));
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

function troublePart({ problem, until, challenge, typed }: Trouble): Partial<View> {
  return {
    problem: problem ?? null,
    until: until?.toISOString() ?? null,
    challenge: challenge ?? null,
    typed: typed ?? null,
  };
}
