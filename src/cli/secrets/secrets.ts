import type { Command } from 'commander';
import { declare, group, wholeNumber } from '../declare';

export interface SecretsOptions {
  readonly json?: boolean;
  readonly file?: string;
}

export interface RotateOptions extends SecretsOptions {
  readonly in: number;
}

export interface PruneOptions extends SecretsOptions {
  readonly dryRun?: boolean;
}

/** All instances must have read the file before a key signs; each reads it every ten seconds. */
const LEAST_SECONDS = 30;
const DAY_SECONDS = 86_400;

export function declareSecrets(program: Command): void {
  const secrets = group(
    program,
    'secrets',
    'The secrets file: its ring of signing keys. No key is ever shown.',
  );
  withFile(
    declare(
      secrets,
      'list',
      'List the keys of the ring by name, and what each is needed for.',
      'sixdigit secrets list',
    ),
  ).action(async (options: SecretsOptions) => (await import('./secrets.command.js')).listSecrets(options));
  const rotated = declare(
    secrets,
    'rotate',
    'Add a new signing key. It signs once every instance has read it; the old ones go on to verify. The file of before ' +
      'is kept beside it.',
    'sixdigit secrets rotate',
  );
  withFile(rotated)
    .option(
      '--in <seconds>',
      'when it begins to sign: the time that the file takes to reach every instance',
      wholeNumber(LEAST_SECONDS, 30 * DAY_SECONDS),
      60,
    )
    .action(async (options: RotateOptions) => (await import('./secrets.command.js')).rotate(options));
  const pruned = declare(
    secrets,
    'prune',
    'Remove signing keys that nothing can need any more; the others stay, with the day from which they may go.',
    'sixdigit secrets prune --dry-run',
  );
  withFile(pruned)
    .option('--dry-run', 'only say what would be removed')
    .action(async (options: PruneOptions) => (await import('./secrets.command.js')).prune(options));
}

function withFile(command: Command): Command {
  return command.option(
    '--file <file>',
    'the secrets file (default: SECRETS_FILE, or else secrets.json in DATA_DIR)',
  );
}
