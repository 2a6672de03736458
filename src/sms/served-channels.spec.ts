import { gateways } from './gateways.generated';
import { servedChannels } from './served-channels';

const { twilio, console: sandbox, http } = gateways;
const list = (from: string) => [{ country: '*', from, dlt: null }];
const number = list('+12015550123');
const name = list('ACME');
const all = { from: number, whatsappFrom: number, whatsappContentSid: 'HX1' };

describe('the channels that a gateway serves', () => {
  // Catches: an application's route to a gateway that refuses whatever comes by it.
  it.each([
    [{ from: name }, ['sms']],
    [{ from: name, voiceFrom: number }, ['sms', 'voice']],
    [{ from: number, whatsappFrom: number }, ['sms', 'voice']],
    [all, ['sms', 'voice', 'whatsapp']],
  ])('are those that its settings suffice for: %j', (config, served) => {
    expect(servedChannels(twilio!, config)).toEqual(served);
  });

  it('are all that it has where nothing more is needed', () => {
    expect(servedChannels(sandbox!, {})).toEqual(['sms', 'voice', 'whatsapp', 'email']);
    expect(servedChannels(http!, {})).toEqual(['sms']);
  });
});
