import { FakeGateway } from '../../src/testing/fakes/fake-gateway';
import { gatewayContract } from '../../src/testing/contracts/gateway.contract';

describe('FakeGateway', () => {
  gatewayContract(async () => {
    const gateway = new FakeGateway();
    return { gateway, hang: () => void gateway.answers('hang'), stop: () => Promise.resolve() };
  });
});
