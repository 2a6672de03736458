import { FakeGateway } from '../../src/testing/fakes/fake-gateway';
import { aDelivery } from './deliver-input';
import { smsServiceWith } from './sms-service';

/** Deliveries over three fake gateways, and how often each was asked. */
export function threeGateways(routes = '*:one,two,three') {
  const [one, two, three] = [new FakeGateway(), new FakeGateway(), new FakeGateway()];
  const sms = smsServiceWith({ one, two, three }, routes);
  const deliver = (more: Parameters<typeof aDelivery>[0] = {}) => sms.deliver(aDelivery(more));
  const asked = () => [one, two, three].map(({ messages }) => messages.length);
  return { sms, deliver, asked, one, two, three };
}
