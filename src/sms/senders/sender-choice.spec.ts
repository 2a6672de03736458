import twilio from '../gateways/twilio';
import { chosenSender, offeredSenders, type SenderSetting } from './sender-choice';

const account = { accountSid: 'AC1', authToken: 't', from: 'US:+12015550123;*:ACME' };
const offered = (allowedSenders?: string) =>
  offeredSenders(twilio, twilio.config.parse({ ...account, ...(allowedSenders && { allowedSenders }) }));

describe('the senders that an application may choose', () => {
  it('are those of the settings, and those that the operator allows besides', () => {
    expect(offered().choices('sms')).toEqual(['+12015550123', 'ACME']);
    expect(offered('ACMEPAY; +12015550199').choices('sms')).toEqual([
      '+12015550123',
      'ACME',
      'ACMEPAY',
      '+12015550199',
    ]);
    expect(offered().choices('email')).toBeNull();
  });

  // Catches: an application that writes in the name of another one, or of a bank.
  it('are no others', () => {
    expect(offered('ACMEPAY').read('sms', 'DE:ACMEPAY;*:ACME').ok).toBe(true);
    expect(offered('ACMEPAY').read('sms', 'DE:MYBANK;*:ACME')).toEqual({
      ok: false,
      problem: '"MYBANK" is not among the senders that the operator allows: +12015550123, ACME, ACMEPAY',
    });
  });

  it.each([
    ['sms', 'ABCDEFGHIJKLM', 'must be a number with plus, a short code'],
    ['sms', 'ACME;ACME', 'has no country'],
    ['voice', 'ACME', 'must be a number with plus and country code'],
    ['email', 'a@b.example', 'has no senders on the channel email'],
  ] as const)('have the form that the channel %s wants: %s', (channel, text, problem) => {
    const read = offered('ACME').read(channel, text);
    expect(read.ok ? '' : read.problem).toContain(problem);
  });
});

describe('the sender of a message', () => {
  const to = { gateway: 'twilio', channel: 'sms', purpose: 'login', country: 'DE' } as const;
  const all = offered('ACMEPAY;ACMEDE;ACMEALL');
  const from = (
    settings: SenderSetting[],
    more: Partial<typeof to> | { country: string; purpose: string } = {},
  ) => chosenSender(settings, all, { ...to, ...more })?.from ?? null;
  const general = { gateway: 'twilio', from: 'DE:ACMEDE;*:ACMEALL' };
  const payment = { gateway: 'twilio', purpose: 'payment', from: 'DE:ACMEPAY' };

  it('is that of the purpose, then that of the application, then none', () => {
    expect(from([general, payment], { purpose: 'payment', country: 'DE' })).toBe('ACMEPAY');
    expect(from([general, payment])).toBe('ACMEDE');
    // The purpose names nobody for this country.
    expect(from([general, payment], { purpose: 'payment', country: 'FR' })).toBe('ACMEALL');
    expect(from([payment])).toBeNull();
  });

  it('is for its gateway, account and channel alone', () => {
    expect(from([{ ...general, gateway: 'twilio.eu' }])).toBeNull();
    expect(from([{ ...general, channel: 'voice' }])).toBeNull();
  });

  // Catches: a sender that the operator has taken back, and that goes on being used.
  it('is no more one that the operator does not allow any longer', () => {
    expect(chosenSender([general], offered(), to)).toBeNull();
  });
});
