import { judge, type Facts, type Verdict } from './clause';
import type { Policy } from './policy';
import { profiles, standards } from './profile';

export interface SourcedVerdict extends Verdict {
  readonly source: string;
}

/** Every clause of every standard, as it stands with this policy on this server. */
export function conformanceOf(policy: Policy, facts: Facts): SourcedVerdict[] {
  return profiles
    .map((profile) => standards[profile])
    .flatMap(({ source, clauses }) => clauses.map((clause) => ({ source, ...judge(clause, policy, facts) })));
}
