import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { clientSettings } from '../../../config/client-settings';
import { ExitCode } from '../../database/startup-error';
import { type KeyState, keyStates, withKey, withoutKeys } from '../../keys/ring-rules';
import { parseSecrets, SecretsFileError } from '../../keys/secrets';
import { changeSecretsFile, SecretsChangeError } from '../../keys/secrets-change.service';
import { secretsFileReason } from '../../keys/secrets-file.service';
import { MAX_LONG_TTL_SECONDS } from '../../otp/policy/policy';
import { CliError } from '../cli-error';
import { show } from '../terminal/terminal.service';
import type { PruneOptions, RotateOptions, SecretsOptions } from './secrets';
import { ringTable, shown, type ShownKey } from './secrets-words';

const KEY_BYTES = 32;

export async function listSecrets(options: SecretsOptions): Promise<void> {
  const file = fileOf(options);
  const keys = statesIn(await textOf(file));
  show(options, { file, keys }, () => ringTable(keys));
}

export async function rotate(options: RotateOptions): Promise<void> {
  const file = fileOf(options);
  const signFrom = new Date(Math.ceil(Date.now() / 1_000 + options.in) * 1_000);
  const kid = nameAt(signFrom);
  const backup = await change(file, (text) => withKey(text, { kid, key: randomBytes(KEY_BYTES), signFrom }));
  const keys = statesIn(await textOf(file));
  const from = signFrom.toISOString();
  show(options, { file, backup, signFrom: from, keys }, () =>
    [
      `A new key signs from ${from} on. Every instance must have this file before that.`,
      `${file} is changed; as it was before: ${backup}`,
      'Keep a copy of the new file, apart from the backups of the database.',
      '',
      ringTable(keys),
    ].join('\n'),
  );
}

export async function prune(options: PruneOptions): Promise<void> {
  const file = fileOf(options);
  const removed = removable(await textOf(file));
  const isChange = options.dryRun !== true && removed.length > 0;
  const backup = isChange ? await change(file, (text) => withoutKeys(text, new Set(removable(text)))) : null;
  const keys = statesIn(await textOf(file));
  show(options, { file, backup, removed, keys }, () => {
    const would = options.dryRun === true ? 'would be removed' : 'removed';
    const words = removed.length === 0 ? 'No key can go yet.' : `${would}: ${removed.join(', ')}`;
    return [words, ...(backup === null ? [] : [`As it was before: ${backup}`]), '', ringTable(keys)].join(
      '\n',
    );
  });
}

function removable(text: string): string[] {
  const now = Date.now();
  return statesOf(text, now)
    .filter(({ removableFrom }) => removableFrom !== null && removableFrom <= now)
    .map(({ kid }) => kid);
}

function statesIn(text: string): ShownKey[] {
  return statesOf(text, Date.now()).map(shown);
}

function statesOf(text: string, now: number): KeyState[] {
  return keyStates(parseSecrets(text).ring, now, MAX_LONG_TTL_SECONDS);
}

function fileOf({ file }: SecretsOptions): string {
  return file === undefined ? clientSettings().secretsFile : resolve(file);
}

async function textOf(file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8');
    parseSecrets(text);
    return text;
  } catch (error) {
    throw new CliError(`SECRETS_FILE (${file}): ${secretsFileReason(error)}.`, ExitCode.wrongSetting);
  }
}

async function change(file: string, rule: (text: string) => string): Promise<string> {
  try {
    return await changeSecretsFile(file, nameAt(new Date()), rule);
  } catch (error) {
    if (error instanceof SecretsChangeError || error instanceof SecretsFileError)
      throw new CliError(error.message);
    throw error;
  }
}

/** `2026-11-27T22-15-00`: as the documentation names keys. */
function nameAt(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(':', '-');
}
