import { type Command, Option } from 'commander';
import { callsServer, declare } from '../declare';
import type { ServerOptions } from '../client/client.service';

export interface SendOptions extends ServerOptions {
  readonly json?: boolean;
  readonly country?: string;
  readonly channel?: string;
  readonly purpose?: string;
  readonly locale?: string;
}

export interface CheckOptions extends ServerOptions {
  readonly json?: boolean;
  readonly codeStdin?: boolean;
}

const channels = ['sms', 'voice', 'whatsapp', 'email'];

/** A verification by hand: `send`, then `check`. */
export function declareVerification(program: Command): void {
  callsServer(declare(program, 'send <to>', 'Send a code to a number.', 'sixdigit send +12015550123'))
    .option('--country <code>', 'country of a number in national form, e.g. ES')
    .addOption(new Option('--channel <channel>', 'how the code travels').choices(channels))
    .option('--purpose <word>', 'what the code is for')
    .option('--locale <language>', 'language of the text, e.g. es')
    .action(async (to: string, options: SendOptions) =>
      (await import('./verification.command.js')).send(to, options),
    );
  const examples = [
    'sixdigit check 3q2-7wAAAAAAAAAAAAAAAA',
    'echo 123456 | sixdigit check 3q2-7w… --code-stdin',
  ];
  callsServer(declare(program, 'check <id>', 'Check the code that somebody typed; asks for it.', ...examples))
    .option('--code-stdin', 'read the code from the standard input: arguments are seen by other accounts')
    .action(async (id: string, options: CheckOptions) =>
      (await import('./verification.command.js')).check(id, options),
    );
}
