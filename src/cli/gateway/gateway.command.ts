import { CliError } from '../cli-error';
import { adminClient } from '../client/client.service';
import { show } from '../terminal/terminal.service';
import type { GatewayOptions, TestOptions } from './gateway';
import { type Gateway, gatewaysTable, type TestSend, testWords } from './gateway-words';

export async function listGateways(options: GatewayOptions): Promise<void> {
  const client = await adminClient(options);
  const { data } = await client.call<{ data: readonly Gateway[] }>('GET', '/v1/gateways');
  show(options, data.map(withoutReceiptUrl), () => gatewaysTable(data));
}

/** A message that the gateway did not take is a failure of the command, whatever HTTP says. */
export async function testGateway(name: string, to: string, options: TestOptions): Promise<void> {
  const { country, channel } = options;
  const path = `/v1/gateways/${encodeURIComponent(name)}/test`;
  const answer = await (
    await adminClient(options)
  ).call<TestSend>('POST', path, { body: { to, country, channel } });
  show(options, answer, () => testWords(answer));
  if (answer.outcome !== 'accepted')
    throw new CliError(
      `The gateway did not take the message: ${answer.reason ?? answer.outcome}. See docs/gateways.md.`,
    );
}

/** The address holds a secret, and whoever lists gateways did not ask for it. */
function withoutReceiptUrl(gateway: Gateway & { readonly receiptUrl?: unknown }): object {
  const { receiptUrl: _, ...rest } = gateway;
  return rest;
}
