import { someGateways } from '../test/builders/gateways';
import { canBeAccount, vendorOf } from './accounts';
import { loadSettings } from './load-settings';
import { SettingsError } from './settings-error';

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadSettings(env, someGateways);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

const acme = { SMS_ACME_USERNAME: 'me', SMS_ACME_TOKEN: 'token-0001' };
const acmeEu = { SMS_ACME_EU_USERNAME: 'eu', SMS_ACME_EU_TOKEN: 'token-eu-1' };
const NAMES = 'acme, acme.eu, console, http, http-json';

describe('two accounts of one gateway', () => {
  it('have settings of their own', () => {
    const env = { SMS_ROUTES: 'ES:acme.eu*2|acme*1;*:acme', ...acme, ...acmeEu };
    const { sms } = loadSettings(env, someGateways);
    expect(sms.gateways).toMatchObject({
      acme: { username: 'me', token: 'token-0001' },
      'acme.eu': { username: 'eu', token: 'token-eu-1' },
    });
    expect(sms.routes.sms[0]).toMatchObject({
      tiers: [
        [
          { name: 'acme.eu', weight: 2 },
          { name: 'acme', weight: 1 },
        ],
      ],
    });
  });

  it('do not need the plain one, and do for other channels', () => {
    const { sms } = loadSettings({ VOICE_ROUTES: '*:acme.eu', ...acmeEu }, someGateways);
    expect(Object.keys(sms.gateways)).toEqual(['console', 'acme.eu']);
  });

  it('may be there for applications alone', () => {
    const { sms } = loadSettings({ SMS_ACCOUNTS: 'acme.eu-west', ...west }, someGateways);
    expect(sms.gateways).toMatchObject({ 'acme.eu-west': { username: 'west' } });
  });

  // Catches: production whose texts end in the sandbox inbox under another name.
  it.each(['console.eu', 'acme.', 'acme.e_u', 'acme.EU!', 'acme.eu.west', 'nobody.eu', 'constructor.eu'])(
    'cannot be called %s',
    (name) => {
      expect(canBeAccount(name, someGateways)).toBe(false);
      expect(problemsOf({ SMS_ROUTES: `*:${name}` })[0]).toMatch(/^SMS_ROUTES: .*(account|gateway) here/);
    },
  );

  it.each([
    ['*:acme.e_u', '"acme.e_u" is no account here; an account has letters, digits and hyphens'],
    ['*:acne.eu', '"acne.eu" is no gateway here; did you mean "acme.eu"? There are: acme, console'],
  ])('are named with what to change in %s', (routes, problem) => {
    expect(problemsOf({ SMS_ROUTES: routes })[0]).toContain(problem);
  });

  it.each([
    [
      { SMS_ROUTES: '*:acme.eu', SMS_ACME_EU_USERNAME: 'eu' },
      'SMS_ACME_EU_TOKEN: is missing; the gateway "acme.eu" needs it (API token)',
    ],
    [
      { SMS_ROUTES: '*:acme.eu', ...acmeEu, SMS_ACME_EU_TOKNE: 'x' },
      'SMS_ACME_EU_TOKNE: is not known; did you mean SMS_ACME_EU_TOKEN?',
    ],
    [
      { SMS_ROUTES: '*:acme', ...acme, SMS_ACME_EU_TOKEN: 'token-eu-1' },
      'SMS_ACME_EU_TOKEN: is not known; for a second account name "acme.eu" in a route or in SMS_ACCOUNTS',
    ],
    [
      { SMS_ROUTES: '*:acme.eu', ...acmeEu, SMS_ACME_EU_TOKEN: 'short' },
      'SMS_ACME_EU_TOKEN: must have at least 8 characters (API token)',
    ],
    [{ SMS_ACCOUNTS: 'acme.eu,acme' }, 'SMS_ACCOUNTS: "acme" is no account; write a gateway, a point'],
    [
      { SMS_ROUTES: 'ES:acme.base;*:console', SMS_ACME_BASE_USERNAME: 'x', SMS_ACME_BASE_TOKEN: '12345678' },
      'SMS_ACME_BASE_URL: belongs to the gateway "acme", so "acme.base" cannot be told from it',
    ],
    [
      { SMS_ROUTES: '*:http.json', SMS_HTTP_JSON_URL: 'http://127.0.0.1' },
      'SMS_HTTP_JSON_URL: belongs to the gateway "http-json", so "http.json" cannot be told from it',
    ],
  ])('are refused with the variable and the remedy: %j', (env, problem) => {
    expect(problemsOf(env).join('\n')).toContain(problem);
  });

  it('are told apart by the whole name: eu and eu-west', () => {
    const env = { SMS_ROUTES: 'ES:acme.eu;*:acme.eu-west', ...acmeEu, ...west };
    expect(loadSettings(env, someGateways).sms.gateways).toMatchObject({
      'acme.eu': { username: 'eu' },
      'acme.eu-west': { username: 'west' },
    });
  });

  it('stand in the lists of what there is', () => {
    expect(problemsOf({ SMS_ROUTES: 'ES:acme.eu;*:nobody', ...acmeEu })[0]).toContain(NAMES);
  });

  it('have the vendor that stands before the point', () => {
    expect(['acme', 'acme.eu', 'http-json.eu-west'].map(vendorOf)).toEqual(['acme', 'acme', 'http-json']);
  });
});

const west = { SMS_ACME_EU_WEST_USERNAME: 'west', SMS_ACME_EU_WEST_TOKEN: 'token-west' };
