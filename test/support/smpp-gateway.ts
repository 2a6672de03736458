import { setTimeout as delay } from 'node:timers/promises';
import { UndiciHttpClient } from '../../src/common/outbound/http-client.service';
import smppGateway from '../../src/sms/gateways/smpp';
import type { SmsMessage, SmsOutcome, Gateway, GatewayTools } from '../../src/sms/gateway';
import { aMessage } from '../../src/testing/message';
import { gatewayTools } from '../../src/testing/contracts/gateway-tools';

export const SMPP_PASSWORD = 'pw-7Yt3';

/** Makes `smpp` gateways, and closes them all after each test. */
export function useSmppGateways(): (
  port: number,
  settings?: Record<string, string | undefined>,
  tools?: Partial<GatewayTools>,
) => Gateway {
  const http = new UndiciHttpClient({ allowPrivate: true });
  const open: Gateway[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map(async (gateway) => gateway.close?.()));
  });
  afterAll(() => http.close());
  return (port, settings = {}, tools = {}) => {
    const account = { systemId: 'sixdigit', password: SMPP_PASSWORD, from: 'Acme' };
    const config = smppGateway.config.parse({
      host: '127.0.0.1',
      port: String(port),
      ...account,
      ...settings,
    });
    const gateway = smppGateway.create(config, gatewayTools(http, tools));
    open.push(gateway);
    return gateway;
  };
}

export const sendBy = (
  gateway: Gateway,
  message: SmsMessage = aMessage(),
  timeoutMs = 5_000,
): Promise<SmsOutcome> => gateway.send(message, AbortSignal.timeout(timeoutMs));

export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i += 1) await delay(10);
  expect(condition()).toBe(true);
}
