import type { Command } from 'commander';
import type { ServerOptions } from '../client/client.service';
import { callsServer, declare, group, instant, list } from '../declare';

export interface KeyOptions extends ServerOptions {
  readonly json?: boolean;
}

export interface NewKeyOptions extends KeyOptions {
  readonly name?: string;
  readonly scopes?: readonly string[];
  readonly allowedIps?: readonly string[];
  readonly expires?: string;
}

export function declareKeys(program: Command): void {
  const keys = group(program, 'keys', 'API keys of an application.');
  callsServer(
    declare(
      keys,
      'list <application>',
      'List keys, newest first; never the keys themselves.',
      'sixdigit keys list shop',
    ),
  ).action(async (application: string, options: KeyOptions) =>
    (await import('./keys.command.js')).listKeys(application, options),
  );
  const created = declare(
    keys,
    'create <application>',
    'Make a key. It is shown once, and nobody can show it again.',
    'sixdigit keys create shop --name backend',
    'sixdigit keys create shop --scopes audit:read,statistics:read --json | jq -r .key',
  );
  callsServer(created)
    .option('--name <name>', 'what it is for')
    .option('--scopes <scopes>', 'what it may do (default: verifications:write,verifications:read)', list)
    .option('--allowed-ips <ranges>', 'where it may be used from, e.g. 192.0.2.0/24', list)
    .option('--expires <time>', 'when it ends', instant)
    .action(async (application: string, options: NewKeyOptions) =>
      (await import('./keys.command.js')).createKey(application, options),
    );
  callsServer(
    declare(
      keys,
      'revoke <application> <key>',
      'Revoke a key by its id; it ends everywhere within 5 s.',
      'sixdigit keys revoke shop 3q2-7wAAAAAA',
    ),
  ).action(async (application: string, key: string, options: KeyOptions) =>
    (await import('./keys.command.js')).revokeKey(application, key, options),
  );
}
