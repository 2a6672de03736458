import { FakeSmsProvider } from '../fakes/sms-provider.fake';
import { smsProviderContract } from './sms-provider.contract';

describe('FakeSmsProvider', () => {
  smsProviderContract(async () => {
    const provider = new FakeSmsProvider();
    return { provider, hang: () => void provider.answers('hang'), stop: () => Promise.resolve() };
  });
});
