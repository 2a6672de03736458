/**
 * The exit code of the process per reason, so that a supervisor can tell a wrong setting (restarting is
 * useless) from a database that is merely away (restarting helps). 78 is EX_CONFIG of sysexits.h.
 */
export const ExitCode = {
  wrongSetting: 78,
  databaseUnreachable: 69,
  databaseUnsuitable: 70,
  mongodMissing: 72,
  dataFolderInUse: 73,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** A reason not to start that the operator can act on: `message` is shown plainly, without a stack. */
export class StartupError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
    this.name = 'StartupError';
  }
}
