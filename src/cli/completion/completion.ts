import { Argument, type Command } from 'commander';
import { withExamples } from '../declare';

export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';
const shells: readonly Shell[] = ['bash', 'zsh', 'fish', 'powershell'];

/** @param commands makes all other commands anew, as the model to complete by */
export function declareCompletion(program: Command, commands: () => Command): void {
  const completion = program
    .command('completion')
    .description('Print a script that completes commands and options in your shell.')
    .addArgument(new Argument('<shell>', 'your shell').choices(shells));
  withExamples(
    completion,
    'source <(sixdigit completion bash)',
    'sixdigit completion fish > ~/.config/fish/completions/sixdigit.fish',
  ).action(async (shell: Shell) =>
    (await import('./completion.command.js')).printCompletion(commands(), shell),
  );
  // What that script calls at each press of the key, behind `--`.
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => (await import('./completion.command.js')).complete(commands(), words));
}
