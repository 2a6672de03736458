import { z } from 'zod';
import type { RejectReason, SmsOutcome } from '../../gateway';

/** What the client library says of a mail that failed, as far as it decides anything. */
const failureSchema = z.object({
  /** Kind of the failure, such as EAUTH. */
  code: z.string().optional().catch(undefined),
  /** What was said to the server last: `CONN`, `AUTH PLAIN`, `MAIL FROM`, `RCPT TO`, `DATA`. */
  command: z.string().optional().catch(undefined),
  /** Three digits of the server's reply; absent when there was none. */
  responseCode: z.number().int().optional().catch(undefined),
  /** The reply itself, in which an enhanced code (RFC 3463) may stand. */
  response: z.string().optional().catch(undefined),
});

/**
 * What a failure means.
 * @param wasRead whether the server had begun to take the mail itself: from then on only a reply tells what became of it
 */
export function outcomeOfFailure(error: unknown, wasRead: boolean): SmsOutcome {
  const parsed = failureSchema.safeParse(error);
  const { code, command = '', responseCode, response } = parsed.success ? parsed.data : {};
  if (responseCode === undefined) return wasRead ? { outcome: 'unknown' } : unsent(code);
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
  const reply: Reply = { code: responseCode, enhanced: enhanced ?? '', step: stepOf(command, code) };
  const reason = responseCode < 500 ? temporary(reply) : permanent(reply);
  return { outcome: 'rejected', reason, vendorCode: enhanced ?? String(responseCode) };
}

type Step = 'sign-in' | 'sender' | 'recipient' | 'mail';

interface Reply {
  readonly code: number;
  /** `5.1.1`; empty when the server wrote none. */
  readonly enhanced: string;
  readonly step: Step;
}

/** No reply, and nothing was taken: no connection, no TLS, no sign-in, or an address that is none. */
function unsent(code: string | undefined): SmsOutcome {
  if (code === 'EAUTH') return { outcome: 'rejected', reason: 'unauthorized' };
  return { outcome: 'rejected', reason: code === 'EENVELOPE' ? 'invalid-number' : 'unavailable' };
}

function stepOf(command: string, code: string | undefined): Step {
  if (code === 'EAUTH') return 'sign-in';
  if (command === 'RCPT TO') return 'recipient';
  return command === 'DATA' ? 'mail' : 'sender';
}

/** 4yz, RFC 5321 §4.2.1: another server, or this one later. */
function temporary({ code, enhanced, step }: Reply): RejectReason {
  const isLimit = step === 'recipient' ? /^4\.4\.5$/ : /^4\.(7\.\d+|4\.5)$/;
  // Limits of policy (RFC 3463 X.7.x), congestion (X.4.5). Of a recipient, policy is grey-listing: no reason to pause.
  if (step !== 'sign-in' && isLimit.test(enhanced)) return 'rate-limited';
  // The server closes, or says that its own state is the reason (X.3.x).
  if (code === 421 || (step === 'mail' && enhanced.startsWith('4.3.'))) return 'unavailable';
  return step === 'recipient' || step === 'mail' ? 'refused' : 'unavailable';
}

/** 5yz: by the enhanced code where there is one, else by the step at which it was said. */
function permanent({ code, enhanced, step }: Reply): RejectReason {
  if (step === 'sign-in' || code === 530 || code === 535) return 'unauthorized';
  const said = `${code} ${enhanced}`;
  const otherwise = step === 'sender' ? 'unavailable' : 'refused';
  return rules[step].find(([pattern]) => pattern.test(said))?.[1] ?? otherwise;
}

type Rules = readonly (readonly [pattern: RegExp, reason: RejectReason])[];

/** On `code enhanced`, the second empty where the server wrote none; the first that fits decides. */
const rules: Readonly<Record<Exclude<Step, 'sign-in'>, Rules>> = {
  sender: [[/ 5\.7\./, 'unauthorized']],
  recipient: [
    // 5.2.1: the mailbox is switched off. 5.1.8 is about the sender.
    [/ 5\.2\.1$| 5\.1\.[^8]/, 'invalid-number'],
    // A full mailbox: another server would not change it. 5.7.x, by which servers refuse to relay, and clients on a
    // block list, may be about this server, and another one may do.
    [/ 5\.2\./, 'blocked'],
    [/ 5\./, 'refused'],
    [/^55[013]/, 'invalid-number'],
    [/^552/, 'blocked'],
  ],
  mail: [
    // 5.3.4 and 5.2.3 too long, 5.6.x unreadable, 5.7.x spam or policy.
    [/ 5\.[67]\.| 5\.3\.4$| 5\.2\.3$/, 'content'],
    [/ 5\./, 'refused'],
    [/^55[024]/, 'content'],
  ],
};
