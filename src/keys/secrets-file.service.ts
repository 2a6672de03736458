import { readFileSync } from 'node:fs';
import { parseSecrets, SecretsFileError } from './secrets';

/**
 * Why this secrets file cannot be used, or null: asked together with all other settings, before the database, so
 * that an operator sees every problem of a first start at once.
 */
export function secretsFileProblem(file: string): string | null {
  try {
    parseSecrets(readFileSync(file, 'utf8'));
    return null;
  } catch (error) {
    return secretsFileReason(error);
  }
}

/** In words, without anything that stands in the file. */
export function secretsFileReason(error: unknown): string {
  if (error instanceof SecretsFileError) return error.message;
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT'
    ? 'the file does not exist'
    : `the file cannot be read (${code ?? 'unknown error'})`;
}
