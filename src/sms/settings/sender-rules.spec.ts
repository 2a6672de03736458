import twilio from '../gateways/twilio';
import { offeredSenders, type SenderSetting } from '../senders/sender-choice';
import { senderProblems } from './sender-rules';

const account = { accountSid: 'AC1', authToken: 't', from: 'US:+12015550123;*:ACME' };
const senders = offeredSenders(twilio, twilio.config.parse({ ...account, allowedSenders: 'ACMEPAY' }));
const gateways = [
  { name: 'twilio.eu', senders },
  { name: 'twilio', senders },
];
const problems = (...settings: SenderSetting[]) => senderProblems(settings, gateways);
const own = { gateway: 'twilio', from: 'ACME' } as const;

describe('the senders of an application', () => {
  it.each<[string, SenderSetting[]]>([
    ['none', []],
    ['one of the settings', [own]],
    ['one that is allowed besides, for some countries', [{ gateway: 'twilio', from: 'DE:ACMEPAY' }]],
    ['one for each purpose', [own, { ...own, purpose: 'payment' }, { ...own, purpose: 'login' }]],
    ['one for each account', [own, { ...own, gateway: 'twilio.eu' }]],
  ])('may be %s', (_name, settings) => {
    expect(problems(...settings)).toEqual([]);
  });

  it.each<[string, SenderSetting, string, RegExp]>([
    [
      'nobody allows',
      { ...own, from: 'MYBANK' },
      '.from',
      /^For twilio it "MYBANK" is not among .*ACMEPAY\.$/,
    ],
    ['nobody allows in one country', { ...own, from: 'DE:MYBANK;*:ACME' }, '.from', /"MYBANK"/],
    ['have no form of a sender', { ...own, from: '!!' }, '.from', /^For twilio it must be a number/],
    ['are for a channel without any', { ...own, channel: 'email' }, '.from', /channel email\.$/],
    [
      'are for a gateway that is not here',
      { ...own, gateway: 'x' },
      '.gateway',
      /There are: twilio, twilio\.eu\.$/,
    ],
  ])('may not be such as %s', (_name, setting, field, message) => {
    expect(problems(own, { ...setting, purpose: 'p' })).toEqual([
      { path: `settings.senders.1${field}`, message: expect.stringMatching(message) as string },
    ]);
  });

  // Catches: a second sender for the same messages, which would never be used.
  it('may not hide one another, also when one of them leaves the channel out', () => {
    expect(problems(own, { ...own, channel: 'sms', from: 'ACMEPAY' })).toEqual([
      { path: 'settings.senders.1', message: expect.stringMatching(/^Merge it with senders\.0/) as string },
    ]);
  });
});
