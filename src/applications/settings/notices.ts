import type { ApplicationSettings } from '../application';
import { breachesOf } from '../../otp/policy/effective-policy';
import { rulesOf } from '../../otp/policy/profile';

export const noticeRules = ['nist_800_63b_code_length', 'nist_800_63b_code_lifetime'] as const;

/** A setting that is allowed but weaker than a standard asks for; part of every answer about an application. */
export interface Notice {
  /** Where it is set: `policy.codeLength`, `purposes.login.ttlSeconds`. */
  readonly setting: string;
  /** Stable, for programs: the standard and clause that the value does not meet. */
  readonly rule: (typeof noticeRules)[number];
  readonly message: string;
}

/** The rules that are worth a notice, by the setting that they judge first. */
const noticeOf: Readonly<Record<string, Notice['rule']>> = {
  codeLength: 'nist_800_63b_code_length',
  ttlSeconds: 'nist_800_63b_code_lifetime',
};

/** What an auditor would object to in these settings. All clauses, met or not, are in `GET /v1/policy`. */
export function noticesFor(settings: ApplicationSettings): Notice[] {
  return breachesOf(settings, rulesOf('nist')).flatMap(({ path, rule, policy }) => {
    const name = noticeOf[rule.settings[0]];
    const message = `${rule.says(policy)} (${rule.source}, ${rule.clause})`;
    return name === undefined ? [] : [{ setting: path, rule: name, message }];
  });
}
