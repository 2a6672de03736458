import { type Command, InvalidArgumentError } from 'commander';
import type { ServerOptions } from '../client/client.service';
import { callsServer, declare, group, list } from '../declare';
import { parsedObject } from './apps-words';

export interface AppOptions extends ServerOptions {
  readonly json?: boolean;
}

export interface AppChanges extends AppOptions {
  readonly name?: string;
  readonly brand?: string;
  readonly allowedCountries?: readonly string[];
  /** Any other settings, as a JSON Merge Patch. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly settingsStdin?: boolean;
}

export function declareApps(program: Command): void {
  const apps = group(program, 'apps', 'Applications: the tenants of a server.');
  callsServer(declare(apps, 'list', 'List applications, newest first.', 'sixdigit apps list')).action(
    async (options: AppOptions) => (await import('./apps.command.js')).listApps(options),
  );
  callsServer(
    declare(apps, 'show <id>', 'Show an application and its settings.', 'sixdigit apps show default'),
  ).action(async (id: string, options: AppOptions) =>
    (await import('./apps.command.js')).showApp(id, options),
  );
  const made = declare(
    apps,
    'create <name>',
    'Make an application.',
    'sixdigit apps create shop --brand Acme --allowed-countries ES,PT',
  );
  withSettings(made).action(async (name: string, options: AppChanges) =>
    (await import('./apps.command.js')).createApp(name, options),
  );
  const changed = declare(
    apps,
    'update <id>',
    'Change settings of an application: what is not named stays, null removes.',
    'sixdigit apps update shop --allowed-countries ES',
    `sixdigit apps update shop --settings '{"policy":{"maxChecks":3}}'`,
  );
  withSettings(changed)
    .option('--name <name>', 'another name')
    .action(async (id: string, options: AppChanges) =>
      (await import('./apps.command.js')).updateApp(id, options),
    );
  const disabled = declare(
    apps,
    'disable <id>',
    'Let an application send and check nothing more.',
    'sixdigit apps disable shop',
  );
  callsServer(disabled)
    .option('--undo', 'let it work again')
    .action(async (id: string, options: AppOptions & { readonly undo?: boolean }) =>
      (await import('./apps.command.js')).disableApp(id, options),
    );
}

function withSettings(command: Command): Command {
  return callsServer(command)
    .option('--brand <name>', 'the name that people read in their message')
    .option('--allowed-countries <codes>', 'where it may send, e.g. ES,PT', list)
    .option('--settings <json>', 'any settings, as a JSON object', jsonObject)
    .option('--settings-stdin', 'read this object from the standard input: it may hold secrets');
}

function jsonObject(text: string): Record<string, unknown> {
  const value = parsedObject(text);
  if (value !== null) return value;
  throw new InvalidArgumentError(`It must be a JSON object, e.g. '{"policy":{"maxChecks":3}}'.`);
}
