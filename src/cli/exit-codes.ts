import { ExitCode } from '../database/startup-error';

/** Exit codes of the command line; those of a start (`ExitCode`) keep their meaning. */
export const CliExit = { ok: 0, failed: 1, usage: 2, unreachable: ExitCode.databaseUnreachable } as const;

/** One table for all commands. */
export const exitCodes: readonly { readonly code: number; readonly meaning: string }[] = [
  { code: CliExit.ok, meaning: 'done' },
  {
    code: CliExit.failed,
    meaning: 'not done: refused by the server, a wrong code, a problem found, work left over, a fault',
  },
  { code: CliExit.usage, meaning: 'the command line is wrong: unknown command or option, missing value' },
  { code: ExitCode.databaseUnreachable, meaning: 'the server, or MongoDB, cannot be reached' },
  { code: ExitCode.databaseUnsuitable, meaning: 'MongoDB is unsuitable: see `sixdigit doctor`' },
  { code: ExitCode.mongodMissing, meaning: 'no mongod found or downloaded' },
  { code: ExitCode.dataFolderInUse, meaning: '`DATA_DIR` is used by another instance' },
  { code: ExitCode.wrongSetting, meaning: 'a setting is wrong or missing' },
];
