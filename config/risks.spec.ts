import { someGateways } from '../test/builders/gateways';
import { loadSettings, type SecretsFileCheck } from './load-settings';
import { SettingsError } from './settings-error';

const production = {
  NODE_ENV: 'production',
  MONGODB_URI: 'mongodb://db.example/sixdigit?replicaSet=rs0',
  SECRETS_FILE: '/run/secrets/sixdigit.json',
  SMS_ROUTES: '*:acme',
  SMS_ACME_USERNAME: 'me',
  SMS_ACME_TOKEN: 'token-0001',
};

describe('what is unsafe', () => {
  const checkSecretsFile: SecretsFileCheck = (file) => ({ unusable: null, unsafe: [`${file} is open`] });
  const options = { checkSecretsFile, risks: ['.env: is open'] };
  const weak = { ADMIN_KEY: 'a'.repeat(32), BOOTSTRAP_API_KEY: 'change-me-to-something-long-enough' };
  const found = (file: string) => [
    'ADMIN_KEY: is too regular to be random; try: openssl rand -base64 32',
    'BOOTSTRAP_API_KEY: holds a word that stands in templates; try: openssl rand -base64 32',
    `SECRETS_FILE: ${file} is open; see docs/deployment.md`,
    '.env: is open',
  ];

  // Catches: a server in production that starts with such a key or file in silence.
  it('is refused in production, all at once', () => {
    expect(() => loadSettings({ ...production, ...weak }, someGateways, options)).toThrow(
      new SettingsError(found(production.SECRETS_FILE)),
    );
  });

  it('is a warning elsewhere, also for a file in the usual place', () => {
    const { warnings } = loadSettings({ ...weak, DATA_DIR: '/data' }, someGateways, options);
    expect(warnings).toEqual(found('/data/secrets.json'));
  });
});
