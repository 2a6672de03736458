/**
 * What a standard asks, and what answers it. From these tables come `GET /v1/policy`, the profiles, and the tables of
 * docs/security.md.
 */
import type { Policy } from './policy';
import type { PolicyRule } from './rules';

/** What a clause depends on besides the policy. */
export interface Facts {
  readonly auditRetentionDays: number;
  /** Numbers of the application that have a fixed code now. */
  readonly testNumbers: number;
}

interface AnyClause {
  /** As the standard numbers it. */
  readonly clause: string;
  readonly asks: string;
  /** What the product does about it, or why it does not. */
  readonly answer: string;
  /** Why it is not met in spite of all that; null: nothing speaks against it. */
  readonly exception?: (facts: Facts) => string | null;
}

/** Notes of docs/security.md, which name the tests that prove it; a spec looks whether those are there. */
type Notes = readonly [string, ...string[]];

export type Clause =
  /** Met by whatever settings; the notes say why. */
  | (AnyClause & { readonly by: 'product'; readonly notes: Notes })
  /** Met when the policy is. The answer is what holds besides. */
  | (AnyClause & {
      readonly by: 'policy';
      readonly rules: readonly [PolicyRule, ...PolicyRule[]];
      readonly notes: Notes;
    })
  /** Met by a setting of the server. */
  | (AnyClause & {
      readonly by: 'server';
      readonly isMet: (facts: Facts) => boolean;
      readonly says: (facts: Facts) => string;
      readonly notes: Notes;
    })
  /** Only the application that calls, or whoever runs the server, can meet it. */
  | (AnyClause & { readonly by: 'you'; readonly notes?: Notes })
  /** Not met. */
  | (AnyClause & { readonly by: 'nobody'; readonly notes?: Notes });

/** A clause as it stands with some settings. */
export interface Verdict {
  readonly clause: string;
  readonly met: boolean;
  /** The value and the bound, or what the product does, in plain words. */
  readonly because: string;
}

type Finding = Pick<Verdict, 'met' | 'because'>;

export function judge(clause: Clause, policy: Policy, facts: Facts): Verdict {
  const exception = clause.exception?.(facts) ?? null;
  const found = exception === null ? finding(clause, policy, facts) : { met: false, because: exception };
  return { clause: clause.clause, ...found };
}

function finding(clause: Clause, policy: Policy, facts: Facts): Finding {
  switch (clause.by) {
    case 'product':
      return { met: true, because: clause.answer };
    case 'policy': {
      const said = clause.rules.map((rule) => rule.says(policy));
      return {
        met: clause.rules.every((rule) => rule.isMet(policy)),
        because: [...said, clause.answer].join(' '),
      };
    }
    case 'server':
      return { met: clause.isMet(facts), because: `${clause.says(facts)} ${clause.answer}` };
    case 'you':
      return { met: false, because: `Yours to meet. ${clause.answer}` };
    case 'nobody':
      return { met: false, because: clause.answer };
  }
}

/** Test numbers have a code that nobody draws. */
export function fixedCodes({ testNumbers }: Facts): string | null {
  return testNumbers === 0
    ? null
    : `Test numbers with a fixed code: ${testNumbers}; none is drawn at random.`;
}
