import { noSenders } from '../../test/builders/senders';
import { closeGateways, type ConfiguredGateway } from './configured-gateways';
import { defaultLimits, type Gateway } from './gateway';

const send: Gateway['send'] = () => Promise.resolve({ outcome: 'accepted' });
const configured = (more: Partial<Gateway> = {}): ConfiguredGateway => ({
  title: 'Acme',
  gateway: { send, ...more },
  channels: ['sms'],
  limits: defaultLimits,
  senders: noSenders,
});

describe('the gateways with their settings', () => {
  it('end their connections, also when one cannot', async () => {
    let closed = 0;
    const bad = configured({ close: () => Promise.reject(new Error('gone')) });
    const good = configured({ close: async () => void (closed += 1) });
    await closeGateways(new Map(Object.entries({ bad, plain: configured(), good })));
    expect(closed).toBe(1);
  });
});
