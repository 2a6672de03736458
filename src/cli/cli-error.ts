import { CliExit } from './exit-codes';

/** A reason to stop that is shown plainly: what is wrong, and the remedy. Holds no secret. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = CliExit.failed,
  ) {
    super(message);
    this.name = 'CliError';
  }
}

/** What was typed cannot be meant. */
export class UsageError extends CliError {
  constructor(message: string) {
    super(message, CliExit.usage);
    this.name = 'UsageError';
  }
}
