import { aMessage } from '../../testing/message';
import { gatewayTools } from '../../testing/contracts/gateway-tools';
import { gatewayContract } from '../../testing/contracts/gateway.contract';
import { channels } from '../../common/channel';
import type { SmsMessage, GatewayTools } from '../gateway';
import consoleGateway from './console';

const http: GatewayTools['http'] = {
  request: () => Promise.reject(new Error('the console gateway calls nobody')),
};

describe('console', () => {
  gatewayContract(async () => {
    let add = (): Promise<void> => Promise.resolve();
    const sandbox = { add: () => add() };
    return {
      gateway: consoleGateway.create({}, gatewayTools(http, { sandbox })),
      hang: () => (add = () => new Promise(() => undefined)),
      stop: () => Promise.resolve(),
    };
  });

  it.each(channels)('carries a message by %s, so that development can try it', async (channel) => {
    expect(consoleGateway.channels).toContain(channel);
    const inbox: SmsMessage[] = [];
    const sandbox = { add: async (message: SmsMessage) => void inbox.push(message) };
    await consoleGateway
      .create({}, gatewayTools(http, { sandbox }))
      .send(aMessage({ channel }), new AbortController().signal);
    expect(inbox).toMatchObject([{ channel }]);
  });

  it('puts the text into the sandbox inbox and refers to it by the delivery id', async () => {
    const inbox: SmsMessage[] = [];
    const sandbox = { add: async (message: SmsMessage) => void inbox.push(message) };
    const message = aMessage();
    const outcome = await consoleGateway
      .create({}, gatewayTools(http, { sandbox }))
      .send(message, new AbortController().signal);
    expect(inbox).toEqual([message]);
    expect(outcome).toEqual({ outcome: 'accepted', reference: message.id });
  });
});
