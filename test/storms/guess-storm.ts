import { wideLimits } from '../builders/limits';
import {
  type Engine,
  newNumber,
  type Started,
  tally,
  type Tenant,
  until,
  wrongCode,
} from '../support/engine';
import { atOnce, type StormAnswer } from './at-once';

export interface GuessStorm {
  readonly codes: number;
  /** At each code, all at once. */
  readonly guesses: number;
  readonly log?: (line: string) => void;
}

/** What is known of one code after its storm. */
export interface GuessedCode {
  /** How often each answer came: `200`, or status and code of a refusal. */
  readonly words: Readonly<Record<string, number>>;
  /** Answers that a guess was right. */
  readonly approvals: number;
  /** Whether the right code was among the guesses. */
  readonly hadRight: boolean;
  readonly status: string;
  readonly checksUsed: number;
  /** Of the recipient. */
  readonly failures: number;
  /** In the audit log. */
  readonly events: Readonly<Record<string, number>>;
}

const MAX_CHECKS = 5;

/** Everybody guesses the same code at the same moment, at two processes. @returns broken promises */
export async function guessStorm(engine: Engine, storm: GuessStorm): Promise<string[]> {
  const tenant = await engine.tenant({ policy: { maxChecks: MAX_CHECKS }, limits: wideLimits });
  const broken: string[] = [];
  const words: Record<string, number> = {};
  for (let n = 0; n < storm.codes; n++) {
    const known = await oneCode(engine, tenant, storm.guesses, n % 2 === 1);
    broken.push(...brokenByGuesses(known).map((fault) => `code ${n}: ${fault}`));
    for (const [word, count] of Object.entries(known.words)) words[word] = (words[word] ?? 0) + count;
    if (n % 10 === 9) storm.log?.(`${n + 1} of ${storm.codes} codes`);
  }
  storm.log?.(`answers: ${JSON.stringify(words)}`);
  return broken;
}

async function oneCode(
  engine: Engine,
  tenant: Tenant,
  guesses: number,
  hasRight: boolean,
): Promise<GuessedCode> {
  const started = await tenant.start({ to: newNumber() });
  const answers = await atOnce(engine, tenant, callsFor(started, guesses, hasRight));
  const { body } = await tenant.read(started.id);
  const { body: recipient } = await tenant.lookup(started.to);
  return {
    words: tally(answers.map(wordOf)),
    approvals: answers.filter((one) => one.body['valid'] === true).length,
    hadRight: hasRight,
    status: String(body['status']),
    checksUsed: (body['checks'] as { used: number }).used,
    failures: Number(recipient['failures']),
    events: await eventsOf(engine, started.id),
  };
}

/** The right one, if any, stands where the first ones have not yet used up what is allowed. */
function callsFor({ id, code }: Started, guesses: number, hasRight: boolean) {
  const path = `/v1/verifications/${id}/checks`;
  return Array.from({ length: guesses }, (_, n) => ({
    path,
    body: { code: hasRight && n === 2 ? code : wrongCode(code, n + 1) },
  }));
}

/** Once the relay has brought the last one. */
function eventsOf(engine: Engine, verificationId: string): Promise<Record<string, number>> {
  const log = engine.db.collection('audit_events');
  return until(async () => {
    const events = await log.find({ verificationId }).toArray();
    const types = tally(events.map(({ type }) => String(type)));
    return ('failed' in types || 'approved' in types) && types;
  }, 20_000);
}

const wordOf = ({ status, body }: StormAnswer): string =>
  status < 400 ? String(status) : `${status} ${String(body['code'])}`;

/** 503 says that it was not judged: there is too much to do. */
const unjudged = ['409 verification_failed', '409 verification_approved', '503 unavailable'];

export function brokenByGuesses(known: GuessedCode): string[] {
  const { words, approvals, hadRight, status, checksUsed, failures, events } = known;
  const { '200': evaluated = 0, ...others } = words;
  const odd = Object.keys(others).filter((word) => !unjudged.includes(word));
  const { check_failed: wrong = 0, approved = 0 } = events;
  const end =
    approvals === 1 ? { status: 'approved', failures: 0 } : { status: 'failed', failures: evaluated };
  const faults: [boolean, string][] = [
    [evaluated > MAX_CHECKS, `${evaluated} guesses were evaluated`],
    [odd.length > 0, `answers ${odd.join(', ')}`],
    [approvals > Number(hadRight), `${approvals} guesses were right`],
    [checksUsed !== evaluated, `${evaluated} evaluated, ${checksUsed} charged`],
    [status !== end.status, `${status} after ${approvals} approvals`],
    [failures !== end.failures, `${failures} failures after ${evaluated} guesses, ${approvals} right`],
    [wrong + approved !== evaluated, `${evaluated} evaluated, ${wrong + approved} in the log`],
  ];
  return faults.flatMap(([isBroken, fault]) => (isBroken ? [fault] : []));
}
