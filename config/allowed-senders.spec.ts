import { gateways } from '../src/sms/gateways.generated';
import { readGateway } from './gateway-env';

const account = { ACCOUNT_SID: 'AC00000000000000000000000000000000', AUTH_TOKEN: 'token', FROM: 'ACME' };
const [ENTITY, TEMPLATE] = ['1101456320000012345', '1107161234567890123'] as const;

function problemsOf(name: string, settings: Readonly<Record<string, string>>): readonly string[] {
  const gateway = gateways[name];
  if (!gateway) throw new Error(`there is no ${name}`);
  const env = Object.entries(settings).map(([key, value]) => [`SMS_${name.toUpperCase()}_${key}`, value]);
  const read = readGateway(gateway, Object.fromEntries(env) as Record<string, string>);
  return read.ok ? [] : read.problems;
}

// Catches: a list that is taken as it is, and of which applications are then told that they may use nothing.
describe('senders that applications may choose', () => {
  it.each([
    ['a sender that no channel takes', 'ACMEPAY;!!', '"!!" is not'],
    ['a name that is too long', 'ACME PAYMENTS', '"ACME PAYMENTS" is not'],
    ['one with a country in front, as in FROM', 'ES:ACMEPAY', '"ES:ACMEPAY" is not'],
  ])('are refused at the start: %s', (_, allowed, problem) => {
    const problems = problemsOf('twilio', { ...account, ALLOWED_SENDERS: allowed });
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems[0]).toMatch(/^SMS_TWILIO_ALLOWED_SENDERS: must be /);
  });

  it.each([
    ['twilio', { ...account, ALLOWED_SENDERS: 'ACMEPAY; +12015550199;' }],
    [
      'plivo',
      {
        AUTH_ID: 'MA0000',
        AUTH_TOKEN: 'token',
        FROM: 'ACME',
        ALLOWED_SENDERS: `ACMEIN/${ENTITY}/${TEMPLATE}`,
      },
    ],
    [
      'smtp',
      {
        HOST: 'mail.acme.example',
        FROM: 'a@acme.example',
        ALLOWED_SENDERS: '"Acme; Pay" <pay@acme.example>',
      },
    ],
  ])('are taken where some channel of %s takes each', (name, settings) => {
    expect(problemsOf(name, settings)).toEqual([]);
  });
});
