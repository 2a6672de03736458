import { CommanderError } from 'commander';
import { SettingsError } from '../../config/settings-error';
import { ExitCode, StartupError } from '../database/startup-error';
import { CliError } from './cli-error';
import { CliExit } from './exit-codes';
import { createProgram } from './program';
import { endWhenUnread, tell } from './terminal/terminal.service';

/** Runs one command line to its end. @returns the exit code */
export async function main(words: readonly string[]): Promise<number> {
  endWhenUnread();
  const program = createProgram();
  try {
    await program.parseAsync([...words], { from: 'user' });
    return CliExit.ok;
  } catch (error) {
    return explain(error);
  }
}

/** Known reasons are shown plainly; anything else is a fault of ours and shows where. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? CliExit.ok : CliExit.usage;
  const known = error instanceof CliError || error instanceof StartupError || error instanceof SettingsError;
  tell(known ? error.message : String((error as Error).stack ?? error));
  if (error instanceof CliError || error instanceof StartupError) return error.exitCode;
  return error instanceof SettingsError ? ExitCode.wrongSetting : CliExit.failed;
}
