import { z } from 'zod';
import { someGateways } from '../test/builders/gateways';
import type { GatewayRegistry } from './gateway-env';
import { loadSettings } from './load-settings';
import { SettingsError } from './settings-error';

const production = {
  NODE_ENV: 'production',
  MONGODB_URI: 'mongodb://db.example/sixdigit?replicaSet=rs0',
  SECRETS_FILE: '/run/secrets/sixdigit.json',
  ADMIN_KEY: 'admin-key-that-is-long-enough-000001',
  SMS_ROUTES: '*:acme',
  SMS_ACME_USERNAME: 'me',
  SMS_ACME_TOKEN: 'token-0001',
};

function problemsOf(env: NodeJS.ProcessEnv, gateways: GatewayRegistry = someGateways): readonly string[] {
  try {
    loadSettings(env, gateways);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('the routes of the other channels', () => {
  it.each([
    [
      { VOICE_ROUTES: '*:nobody' },
      'VOICE_ROUTES: "nobody" is no gateway here; there are: acme, console, http, http-json',
    ],
    [
      { WHATSAPP_ROUTES: 'ES:console;*:acme' },
      'WHATSAPP_ROUTES: "acme" cannot carry the channel whatsapp; these can: console',
    ],
    [{ EMAIL_ROUTES: '*:http*200' }, 'EMAIL_ROUTES: "*:http*200" has a weight that is no whole number'],
  ])('are checked like those of texts: %j', (env, problem) => {
    expect(problemsOf(env)[0]).toContain(problem);
  });

  it('make the settings of their gateways required', () => {
    expect(problemsOf({ VOICE_ROUTES: '*:acme' })).toEqual([
      expect.stringContaining('SMS_ACME_USERNAME: is missing'),
      expect.stringContaining('SMS_ACME_TOKEN: is missing'),
    ]);
  });

  // Catches: a server in production whose calls or e-mails silently end in the sandbox inbox.
  it.each(['VOICE_ROUTES', 'WHATSAPP_ROUTES', 'EMAIL_ROUTES'])(
    'in production lead to the sandbox only on purpose: %s',
    (name) => {
      const env = { ...production, [name]: '*:console' };
      expect(problemsOf(env)).toEqual([
        `${name}: the gateway "console" sends nothing; in production name a real one, or allow it by SANDBOX=true`,
      ]);
      expect(problemsOf({ ...env, SANDBOX: 'true' })).toEqual([]);
    },
  );
});

describe('two gateways of which one name begins with the other', () => {
  const setting = (description: string) => z.string().describe(description);
  const gateways = {
    vonage: {
      name: 'vonage',
      config: z.strictObject({ applicationId: setting('Id'), from: setting('Sender').optional() }),
    },
    'vonage-sms': {
      name: 'vonage-sms',
      config: z.strictObject({ apiKey: setting('Key'), from: setting('Sender').optional() }),
    },
  };
  const both = {
    SMS_ROUTES: '*:vonage,vonage-sms',
    SMS_VONAGE_APPLICATION_ID: 'app',
    SMS_VONAGE_FROM: 'One',
    SMS_VONAGE_SMS_API_KEY: 'key',
    SMS_VONAGE_SMS_FROM: 'Two',
  };
  const problems = (env: NodeJS.ProcessEnv) => problemsOf(env, gateways);

  // Catches: the first gateway whose prefix fits taken instead of the longest.
  it('each get their own settings', () => {
    expect(loadSettings(both, gateways).sms.gateways).toEqual({
      vonage: { applicationId: 'app', from: 'One' },
      'vonage-sms': { apiKey: 'key', from: 'Two' },
    });
  });

  it('are not asked for the settings of each other, nor blamed for them', () => {
    expect(problems({ ...both, SMS_ROUTES: '*:vonage' })).toEqual([]);
    expect(problems({ ...both, SMS_ROUTES: '*:vonage-sms' })).toEqual([]);
    expect(problems({ ...both, SMS_VONAGE_SMS_API_KEI: 'x' })).toEqual([
      'SMS_VONAGE_SMS_API_KEI: is not known; did you mean SMS_VONAGE_SMS_API_KEY?',
    ]);
  });
});
