import { FakeGateway } from '../fakes/gateway.fake';
import { gatewayContract } from './gateway.contract';

describe('FakeGateway', () => {
  gatewayContract(async () => {
    const gateway = new FakeGateway();
    return { gateway, hang: () => void gateway.answers('hang'), stop: () => Promise.resolve() };
  });
});
