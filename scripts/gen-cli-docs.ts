/** The reference in `docs/command-line.md`, from the model that parses: it cannot promise what is not there. */
import type { Command } from 'commander';
import { examplesOf } from '../src/cli/declare';
import { exitCodes } from '../src/cli/exit-codes';
import { createProgram } from '../src/cli/program';
import { replacePart, row, table } from './markdown';

const PATH = 'docs/command-line.md';

const HIDDEN = new Set(['help', 'complete']);

/** `docs/command-line.md` with its generated parts made new. */
export function renderCliDocs(current: string): string {
  const commands = sections(createProgram()).join('\n\n');
  const text = replacePart({ path: PATH, text: current }, 'commands', `${commands}\n`);
  const codes = exitCodes.map(({ code, meaning }) => row(String(code), meaning));
  return replacePart({ path: PATH, text }, 'exit codes', table(['code', 'meaning'], codes));
}

function sections(command: Command, words: readonly string[] = []): string[] {
  const own = command.commands.filter((one) => !HIDDEN.has(one.name()));
  if (own.length === 0) return [section(command, words)];
  return own.flatMap((one) => sections(one, [...words, one.name()]));
}

function section(command: Command, words: readonly string[]): string {
  const named = command.registeredArguments.map((argument) => `<${argument.name()}>`);
  const isCommon = commonTo(command);
  const options = command.options.filter((option) => !isCommon(option));
  const common = command.options.filter(isCommon).map(({ long }) => `\`${long ?? ''}\``);
  return [
    `### \`${['sixdigit', ...words, ...named].join(' ')}\``,
    command.description(),
    ...(options.length === 0 ? [] : [optionTable(options)]),
    ...(common.length === 0 ? [] : [`Also ${common.join(', ')}.`]),
    ['```sh', ...examplesOf(command), '```'].join('\n'),
  ].join('\n\n');
}

/** What is explained once, above: of every command, and of those that call a server. */
function commonTo(command: Command): (option: Command['options'][number]) => boolean {
  const callsServer = command.options.some(({ long }) => long === '--insecure');
  const names = new Set(['--json', ...(callsServer ? ['--url', '--insecure', '--timeout'] : [])]);
  return ({ long }) => names.has(long ?? '');
}

function optionTable(options: Command['options']): string {
  const rows = options.map(({ flags, description, defaultValue, argChoices }) => {
    const choices = argChoices ? `: ${argChoices.join(', ')}` : '';
    const isShown = typeof defaultValue === 'string' || typeof defaultValue === 'number';
    return row(`\`${flags}\``, `${description}${choices}${isShown ? ` (default ${defaultValue})` : ''}`);
  });
  return table(['option', 'meaning'], rows);
}
