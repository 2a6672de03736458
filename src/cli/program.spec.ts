import type { Command } from 'commander';
import { ExitCode } from '../database/startup-error';
import { examplesOf } from './declare';
import { exitCodes } from './exit-codes';
import { createProgram } from './program';

/** Commands that do something, with all their words. */
function leaves(command: Command, words: readonly string[] = []): [string, Command][] {
  const own = command.commands.filter((one) => !['help', 'complete'].includes(one.name()));
  if (own.length === 0) return [[words.join(' '), command]];
  return own.flatMap((one) => leaves(one, [...words, one.name()]));
}

const commands = leaves(createProgram());

describe('the model of the command line', () => {
  it('has what the documentation promises', () => {
    expect(commands.map(([words]) => words)).toEqual([
      'start',
      'init',
      'doctor',
      'send',
      'check',
      'gateway list',
      'gateway test',
      'apps list',
      'apps show',
      'apps create',
      'apps update',
      'apps disable',
      'keys list',
      'keys create',
      'keys revoke',
      'secrets list',
      'secrets rotate',
      'secrets prune',
      'audit tail',
      'audit export',
      'cleanup',
      'prices import',
      'completion',
    ]);
  });

  it.each(commands)('explains `%s` with an example that begins like it', (words, command) => {
    expect(command.description()).toMatch(/\w\.|:/);
    expect(examplesOf(command).length).toBeGreaterThan(0);
    for (const example of examplesOf(command)) expect(example).toContain(`sixdigit ${words}`);
    for (const option of command.options) expect(option.description).not.toBe('');
  });

  // Safety: what is an argument can be read by every account of the machine.
  it.each(commands)('lets nobody type a secret behind `%s`', (_, command) => {
    const names = command.options.flatMap(({ long }) => long ?? []);
    const secrets = names.filter(
      (name) => /key|secret|code|password|token|uri/.test(name) && !/stdin|file/.test(name),
    );
    expect(secrets).toEqual([]);
    expect(command.registeredArguments.map((argument) => argument.name())).not.toContain('code');
  });

  it.each(commands.filter(([words]) => !['start', 'completion'].includes(words)))(
    'answers `%s` in JSON, too',
    (_, command) => {
      expect(command.options.map(({ long }) => long)).toContain('--json');
    },
  );
});

it('documents every exit code of a start', () => {
  const codes = exitCodes.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(Object.values(ExitCode)));
  expect(new Set(codes).size).toBe(codes.length);
});
