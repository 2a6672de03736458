import type { ApplicationSettings } from '../application';
import type { PolicyOverride } from '../../otp/slots/policy';

export const noticeRules = ['nist_800_63b_code_length', 'nist_800_63b_code_lifetime'] as const;

/** A setting that is allowed but weaker than a standard asks for; part of every answer about an application. */
export interface Notice {
  /** Where it is set: `policy.codeLength`, `purposes.login.ttlSeconds`. */
  readonly setting: string;
  /** Stable, for programs: the standard and clause that the value does not meet. */
  readonly rule: (typeof noticeRules)[number];
  readonly message: string;
}

/** NIST SP 800-63B-4 §3.1.3.2: at least six decimal digits, valid for at most ten minutes. */
const NIST_MIN_CODE_LENGTH = 6;
const NIST_MAX_TTL_SECONDS = 600;

/** What an auditor would object to in these settings. */
export function noticesFor(settings: ApplicationSettings): Notice[] {
  const purposes = Object.entries(settings.purposes ?? {});
  return [
    ...noticesOf('policy', settings.policy ?? {}),
    ...purposes.flatMap(([purpose, policy]) => noticesOf(`purposes.${purpose}`, policy)),
  ];
}

function noticesOf(path: string, { codeLength, ttlSeconds }: PolicyOverride): Notice[] {
  const notices: Notice[] = [];
  if (codeLength !== undefined && codeLength < NIST_MIN_CODE_LENGTH) notices.push(shortCode(path));
  if (ttlSeconds !== undefined && ttlSeconds > NIST_MAX_TTL_SECONDS) notices.push(longLifetime(path));
  return notices;
}

function shortCode(path: string): Notice {
  return {
    setting: `${path}.codeLength`,
    rule: 'nist_800_63b_code_length',
    message: 'Codes below 6 characters do not conform to NIST SP 800-63B-4 §3.1.3.2.',
  };
}

function longLifetime(path: string): Notice {
  return {
    setting: `${path}.ttlSeconds`,
    rule: 'nist_800_63b_code_lifetime',
    message: 'Codes valid for more than 600 seconds go beyond NIST SP 800-63B-4 §3.1.3.2.',
  };
}
