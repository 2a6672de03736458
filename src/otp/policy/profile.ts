/**
 * A profile makes an application's policies meet a standard: what nobody set takes the weakest value that does, and
 * what somebody sets must do so by itself. It is nothing but the rules of the standard's clauses.
 */
import type { Clause } from './clause';
import { asvs } from './clauses/asvs';
import { nist } from './clauses/nist';
import { pci } from './clauses/pci';
import { psd2 } from './clauses/psd2';
import type { Policy } from './policy';
import type { PolicyRule } from './rules';

export const profiles = ['nist', 'psd2', 'pci', 'owasp-asvs-l2'] as const;
export type Profile = (typeof profiles)[number];

interface Standard {
  /** As `GET /v1/policy` and docs/security.md name it. */
  readonly source: string;
  readonly clauses: readonly Clause[];
}

export const standards: Readonly<Record<Profile, Standard>> = {
  nist: { source: 'NIST SP 800-63B-4', clauses: nist },
  'owasp-asvs-l2': { source: 'OWASP ASVS 5.0', clauses: asvs },
  psd2: { source: 'PSD2, RTS (EU) 2018/389', clauses: psd2 },
  pci: { source: 'PCI DSS 4.0.1', clauses: pci },
};

/** A rule, and where it comes from. */
export interface SourcedRule extends PolicyRule {
  readonly source: string;
  readonly clause: string;
}

const rules: ReadonlyMap<Profile, readonly SourcedRule[]> = new Map(
  profiles.map((profile) => [profile, rulesOfStandard(standards[profile])]),
);

function rulesOfStandard({ source, clauses }: Standard): SourcedRule[] {
  return clauses.flatMap((one) =>
    one.by === 'policy' ? one.rules.map((rule) => ({ ...rule, source, clause: one.clause })) : [],
  );
}

/** What policies must meet; nothing without a profile. */
export function rulesOf(profile: Profile | undefined): readonly SourcedRule[] {
  return (profile && rules.get(profile)) ?? [];
}

/** The policy as it is under a profile: nothing is weaker than it may be, whatever was stored. */
export function tightened(policy: Policy, profile: Profile | undefined): Policy {
  return rulesOf(profile).reduce(
    (result, rule) => (rule.isMet(result) ? result : rule.tightened(result)),
    policy,
  );
}
