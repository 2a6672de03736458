import type { Command } from 'commander';
import type { Shell } from './completion';

export async function printCompletion(model: Command, shell: Shell): Promise<void> {
  (await completer(model)).setup(model.name(), model.name(), shell);
}

export async function complete(model: Command, words: string[]): Promise<void> {
  (await completer(model)).parse(words);
}

/** An ES module, which no other command needs to wait for. */
async function completer(model: Command) {
  const { default: tab } = await import('@bomb.sh/tab/commander');
  return tab(model, { completionCommandName: 'completion' });
}
