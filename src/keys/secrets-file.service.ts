import { readFileSync, statSync } from 'node:fs';
import type { SecretsFileReport } from '../../config/risks';
import { exposure } from '../common/file-access';
import { guessableBecause } from '../common/guessable';
import { parseSecrets, type Secrets, SecretsFileError } from './secrets';

/**
 * Whether this secrets file can be used, and what is unsafe about it: asked together with all other settings,
 * before the database, so that an operator sees every problem of a first start at once.
 */
export function checkSecretsFile(file: string): SecretsFileReport {
  const unsafe: string[] = [];
  try {
    const text = readFileSync(file, 'utf8');
    const exposed = exposure(statSync(file), process.getuid?.());
    if (exposed !== null) unsafe.push(exposed);
    unsafe.push(...weakKeys(parseSecrets(text)));
    return { unusable: null, unsafe };
  } catch (error) {
    return { unusable: secretsFileReason(error), unsafe };
  }
}

function weakKeys({ index, ring }: Secrets): string[] {
  const keys = [
    { name: 'index', key: index },
    ...ring.map(({ kid, key }) => ({ name: `the key ${kid}`, key })),
  ];
  return keys.flatMap(({ name, key }) => {
    const reason = guessableBecause(key.toString('latin1'));
    return reason === null ? [] : [`${name} ${reason}`];
  });
}

/** In words, without anything that stands in the file. */
export function secretsFileReason(error: unknown): string {
  if (error instanceof SecretsFileError) return error.message;
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT'
    ? 'the file does not exist'
    : `the file cannot be read (${code ?? 'unknown error'})`;
}
