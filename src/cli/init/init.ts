import type { Command } from 'commander';
import { declare, list } from '../declare';

export interface InitOptions {
  readonly json?: boolean;
  readonly url?: string;
  readonly smsRoutes?: string;
  readonly defaultCountry?: string;
  readonly countries?: readonly string[];
  readonly embedded?: boolean;
  readonly sandbox?: boolean;
  readonly mongodbUriStdin?: boolean;
  readonly secretsFile: string;
  readonly output: string;
  readonly yes?: boolean;
}

export function declareInit(program: Command): void {
  declare(
    program,
    'init',
    'Write a .env for production and a secrets file with new keys, both of mode 0600. It overwrites nothing, and asks ' +
      'for what is not given, at a terminal.',
    'sixdigit init --url https://verify.example.com --sms-routes "*:twilio" --countries ES,PT',
    'echo "$URI" | sixdigit init --yes --mongodb-uri-stdin --sms-routes "*:twilio"',
  )
    .option('--url <address>', 'where the API is reached from outside (PUBLIC_URL)')
    .option('--sms-routes <routes>', 'which gateways send texts (SMS_ROUTES)')
    .option('--default-country <code>', 'country of numbers in national form (DEFAULT_COUNTRY)')
    .option('--countries <codes>', 'where your customers are, for the next steps: ES,PT', list)
    .option('--mongodb-uri-stdin', 'read MONGODB_URI from the standard input; otherwise from the environment')
    .option('--embedded', 'run the MongoDB in DATA_DIR in production (EMBEDDED_MONGODB)')
    .option('--sandbox', 'allow the console gateway, for a trial (SANDBOX)')
    .option('--secrets-file <file>', 'where the keys go (SECRETS_FILE)', 'secrets.json')
    .option('--output <file>', 'the file to write', '.env')
    .option('--yes', 'ask nothing')
    .action(async (options: InitOptions) => (await import('./init.command.js')).init(options));
}
