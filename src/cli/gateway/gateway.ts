import { type Command, Option } from 'commander';
import type { ServerOptions } from '../client/client.service';
import { callsServer, declare, group } from '../declare';

export interface GatewayOptions extends ServerOptions {
  readonly json?: boolean;
}

export interface TestOptions extends GatewayOptions {
  readonly country?: string;
  readonly channel?: string;
}

export function declareGateway(program: Command): void {
  const gateway = group(program, 'gateway', 'Gateways, as the running server sees them.');
  callsServer(
    declare(
      gateway,
      'list',
      'List gateways with settings: routes, success, balance.',
      'sixdigit gateway list',
    ),
  ).action(async (options: GatewayOptions) => (await import('./gateway.command.js')).listGateways(options));
  const test = declare(
    gateway,
    'test <name> <to>',
    'Send a test message through exactly this gateway; it is charged.',
    'sixdigit gateway test twilio +12015550123',
  );
  callsServer(test)
    .option('--country <code>', 'country of a number in national form, e.g. ES')
    .addOption(
      new Option('--channel <channel>', 'how the message travels').choices([
        'sms',
        'voice',
        'whatsapp',
        'email',
      ]),
    )
    .action(async (name: string, to: string, options: TestOptions) =>
      (await import('./gateway.command.js')).testGateway(name, to, options),
    );
}
