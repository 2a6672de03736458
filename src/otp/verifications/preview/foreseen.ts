/** What a create would come to, in the form in which rules speak. */
import type { DomainError } from '../../../common/errors';
import type { RuleDecision } from '../../../limits/gate';
import type { StartAnswer } from '../commands.service';

type Outcome = StartAnswer['outcome'];

/** The part of a slot that decides, by what it says. */
const ruleOf: Readonly<Record<Outcome['kind'], string>> = {
  started: 'recipient.start',
  joined: 'recipient.pending',
  joined_quietly: 'recipient.cooldown',
  pending: 'recipient.pending',
  locked: 'recipient.lock',
  too_soon: 'recipient.cooldown',
  send_limit: 'recipient.sends',
  backlogged: 'recipient.backlog',
  // Never said to a create.
  not_found: 'recipient.start',
  ended: 'recipient.start',
  unknown_key: 'recipient.start',
};

const answers: readonly Outcome['kind'][] = ['started', 'joined', 'joined_quietly'];

/** What the recipient's own state says; of a refusal its end. */
export function recipientDecision(outcome: Outcome): RuleDecision {
  const { kind } = outcome;
  return {
    rule: ruleOf[kind],
    outcome: answers.includes(kind) ? 'allowed' : 'refused',
    value: null,
    limit: null,
    until: 'until' in outcome ? outcome.until : null,
    because: kind,
  };
}

const numberRules = {
  country_not_allowed: 'numbers.country',
  number_type_not_allowed: 'numbers.type',
} as const;

/** A number that the application may not text; null: the error is about something else. */
export function numberDecision({ code }: DomainError): RuleDecision | null {
  if (code !== 'country_not_allowed' && code !== 'number_type_not_allowed') return null;
  return {
    rule: numberRules[code],
    outcome: 'refused',
    value: null,
    limit: null,
    until: null,
    because: code,
  };
}

/** Test numbers get no message and pass by all gates. */
export const testNumberDecision: RuleDecision = {
  rule: 'numbers.test',
  outcome: 'allowed',
  value: null,
  limit: null,
  until: null,
  because: 'test_number',
};

/** A create would be answered with 2xx. */
export function isAllowed(decisions: readonly RuleDecision[]): boolean {
  return decisions.every(({ outcome }) => outcome !== 'refused' && outcome !== 'challenged');
}
