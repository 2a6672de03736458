import { z } from 'zod';
import { gateways } from '../src/sms/gateways.generated';
import type { GatewayRegistry } from './gateway-env';
import { loadSettings } from './load-settings';
import { SettingsError } from './settings-error';

function problemsOf(env: NodeJS.ProcessEnv, registry: GatewayRegistry = gateways): readonly string[] {
  try {
    loadSettings({ SMS_ROUTES: '*:console', ...env }, registry);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

const twilio = {
  SMS_TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
  SMS_TWILIO_AUTH_TOKEN: 'token',
  SMS_TWILIO_FROM: 'ACME',
};
const plivo = { SMS_PLIVO_AUTH_ID: 'MA0000', SMS_PLIVO_AUTH_TOKEN: 'token', SMS_PLIVO_FROM: 'ACME' };
const infobip = {
  SMS_INFOBIP_BASE_URL: 'https://x.api.infobip.com',
  SMS_INFOBIP_API_KEY: 'key',
  SMS_INFOBIP_FROM: 'ACME',
};

// Catches: a server that starts, and refuses every call or WhatsApp message when people wait for it.
describe('a route to a gateway that cannot serve the channel with its settings', () => {
  it.each<[NodeJS.ProcessEnv, string[]]>([
    [{ ...twilio, VOICE_ROUTES: '*:twilio' }, ['SMS_TWILIO_VOICE_FROM']],
    [
      { ...twilio, WHATSAPP_ROUTES: '*:twilio' },
      ['SMS_TWILIO_WHATSAPP_FROM', 'SMS_TWILIO_WHATSAPP_CONTENT_SID'],
    ],
    [{ ...plivo, VOICE_ROUTES: '*:plivo' }, ['SMS_PLIVO_VOICE_FROM']],
    [{ ...infobip, VOICE_ROUTES: '*:infobip' }, ['SMS_INFOBIP_VOICE_FROM']],
    [
      { ...infobip, WHATSAPP_ROUTES: '*:infobip' },
      ['SMS_INFOBIP_WHATSAPP_FROM', 'SMS_INFOBIP_WHATSAPP_TEMPLATE'],
    ],
    [
      {
        ...infobip,
        SMS_INFOBIP_WHATSAPP_FROM: '+12015550123',
        VOICE_ROUTES: 'ES:infobip',
        WHATSAPP_ROUTES: 'ES:console,infobip',
      },
      ['SMS_INFOBIP_VOICE_FROM', 'SMS_INFOBIP_WHATSAPP_TEMPLATE'],
    ],
  ])('is refused, with the setting that is missing: %j', (env, names) => {
    const problems = problemsOf(env);
    expect(problems.map((problem) => problem.slice(0, problem.indexOf(':')))).toEqual(names);
    expect(problems[0]).toMatch(/: is missing; (VOICE|WHATSAPP)_ROUTES names "\w+", which needs it \(.+\)$/);
  });

  it.each<NodeJS.ProcessEnv>([
    { ...twilio, SMS_ROUTES: '*:twilio' },
    { ...twilio, SMS_TWILIO_FROM: '+12015550123', VOICE_ROUTES: '*:twilio' },
    { ...twilio, SMS_TWILIO_VOICE_FROM: '+12015550123', VOICE_ROUTES: '*:twilio' },
    { ...infobip, SMS_INFOBIP_FROM: '12015550123', VOICE_ROUTES: '*:infobip' },
  ])('is none when it can: %j', (env) => {
    expect(problemsOf(env)).toEqual([]);
  });

  it('is not told of where the settings themselves are wrong', () => {
    const problems = problemsOf({ ...twilio, SMS_TWILIO_ACCOUNT_SID: 'x', VOICE_ROUTES: '*:twilio' });
    expect(problems).toEqual([expect.stringContaining('SMS_TWILIO_ACCOUNT_SID: ')]);
  });

  it('is a matter of each gateway', () => {
    const config = z.object({ caller: z.string().optional().describe('Who calls') });
    const acme = {
      name: 'acme',
      channels: ['voice'] as const,
      config,
      missing: (_channel: string, { caller }: { caller?: string }) => (caller ? [] : ['caller']),
    };
    expect(problemsOf({ VOICE_ROUTES: '*:acme' }, { ...gateways, acme })).toEqual([
      'SMS_ACME_CALLER: is missing; VOICE_ROUTES names "acme", which needs it (Who calls)',
    ]);
  });
});
