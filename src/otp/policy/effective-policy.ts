/** From what an application set to the policy in force, and to what is wrong with what it set. */
import { defaultPolicy, withOverride, type Policy, type PolicyOverride } from './policy';
import { rulesOf, tightened, type Profile, type SourcedRule } from './profile';
import type { PolicySetting } from './rules';

/** What an application says of its rules. */
export interface PolicySettings {
  readonly policy?: PolicyOverride;
  readonly purposes?: Readonly<Record<string, PolicyOverride>>;
  readonly profile?: Profile;
}

/** The policy in force for a purpose: purpose over application over default, and all of it within the profile. */
export function policyFor(settings: PolicySettings, purpose: string): Policy {
  return tightened(asSet(settings, purposeOverride(settings, purpose)), settings.profile);
}

function asSet({ policy }: PolicySettings, own: PolicyOverride): Policy {
  return withOverride(withOverride(defaultPolicy, policy), own);
}

/** A purpose may be called `constructor`: only what the settings hold themselves counts. */
function purposeOverride({ purposes }: PolicySettings, purpose: string): PolicyOverride {
  return purposes && Object.hasOwn(purposes, purpose) ? (purposes[purpose] ?? {}) : {};
}

/** A setting that breaks a rule, where somebody set it: `policy.ttlSeconds`, `purposes.login.lock.seconds`. */
export interface Breach {
  readonly path: string;
  readonly rule: SourcedRule;
  /** The policy that breaks it. */
  readonly policy: Policy;
}

/** What was set and is weaker than these rules allow. What nobody set is for the profile to fill in. */
export function breachesOf(settings: PolicySettings, rules: readonly SourcedRule[]): Breach[] {
  const purposes = Object.entries(settings.purposes ?? {});
  return [
    ...breachesIn('policy', settings.policy ?? {}, asSet(settings, {}), rules),
    ...purposes.flatMap(([purpose, own]) =>
      breachesIn(`purposes.${purpose}`, own, asSet(settings, own), rules),
    ),
  ];
}

function breachesIn(
  path: string,
  own: PolicyOverride,
  policy: Policy,
  rules: readonly SourcedRule[],
): Breach[] {
  return rules.flatMap((rule) => {
    const setting = rule.settings.find((name) => holds(own, name));
    return setting === undefined || rule.isMet(policy) ? [] : [{ path: `${path}.${setting}`, rule, policy }];
  });
}

function holds(own: PolicyOverride, setting: PolicySetting): boolean {
  const [first = '', second] = setting.split('.');
  const value = (own as Readonly<Record<string, unknown>>)[first];
  return second === undefined
    ? value !== undefined
    : (value as Readonly<Record<string, unknown>> | undefined)?.[second] !== undefined;
}

/** Why a profile refuses it, and what to do. */
export function reasonOf(rule: SourcedRule, policy: Policy): string {
  return `${rule.says(policy)} ${rule.remedy} (${rule.source}, ${rule.clause})`;
}

/** Everything that the settings' own profile refuses, with paths as the API names them. */
export function profileProblems(settings: PolicySettings): { path: string; message: string }[] {
  return breachesOf(settings, rulesOf(settings.profile)).map(({ path, rule, policy }) => ({
    path: `settings.${path}`,
    message: `Not under the profile ${settings.profile}. ${reasonOf(rule, policy)}`,
  }));
}
