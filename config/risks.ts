import { guessableBecause } from '../src/common/guessable';
import type { PartialEnv } from './production';

/** What was found about a secrets file, in words. */
export interface SecretsFileReport {
  /** Null when the file can be used. */
  readonly unusable: string | null;
  /** What makes its keys less secret than they should be. */
  readonly unsafe: readonly string[];
}

/** What a start is refused for and what it only warns of, each as `NAME: remedy`. */
export interface JudgedRisks {
  readonly refused: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Production refuses what is unsafe, everybody else is warned.
 * @param others found elsewhere, each as `NAME: remedy`
 */
export function judgeRisks(
  env: PartialEnv,
  file: SecretsFileReport = { unusable: null, unsafe: [] },
  others: readonly string[] = [],
): JudgedRisks {
  const unsafe = [...weakKeys(env), ...file.unsafe.map(aboutSecretsFile), ...others];
  // Elsewhere the file may still have to be generated.
  if (env.NODE_ENV !== 'production') return { refused: [], warnings: unsafe };
  const isWrong = env.SECRETS_FILE !== undefined && file.unusable !== null;
  return { refused: [...(isWrong ? [aboutSecretsFile(file.unusable)] : []), ...unsafe], warnings: [] };
}

function aboutSecretsFile(words: string): string {
  return `SECRETS_FILE: ${words}; see docs/deployment.md`;
}

/** Keys that open the API. What vendors give out is theirs to make. */
function weakKeys(env: PartialEnv): string[] {
  return (['ADMIN_KEY', 'BOOTSTRAP_API_KEY'] as const).flatMap((name) => {
    const reason = env[name] === undefined ? null : guessableBecause(env[name]);
    return reason === null ? [] : [`${name}: ${reason}; try: openssl rand -base64 32`];
  });
}
