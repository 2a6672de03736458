import { parse } from 'dotenv';
import { builtInExtensions } from '../../plugins/extensions';
import { missingVariables, problemsOf, quoted, renderEnvFile } from './env-file';
import { nextSteps } from './init-words';

const extensions = builtInExtensions;

describe('a new .env', () => {
  it('has the values that were given, and asks for what their gateways need', () => {
    const values = { NODE_ENV: 'production', SMS_ROUTES: 'ES:labsmobile;*:twilio.eu' };
    const text = renderEnvFile(values, extensions);
    expect(parse(text)).toEqual({
      ...values,
      SMS_LABSMOBILE_USERNAME: '',
      SMS_LABSMOBILE_TOKEN: '',
      SMS_TWILIO_EU_ACCOUNT_SID: '',
      SMS_TWILIO_EU_AUTH_TOKEN: '',
      SMS_TWILIO_EU_FROM: '',
    });
    expect(missingVariables(values, extensions)).toHaveLength(5);
    expect(text).toMatch(/# API token, from the API settings of the account/);
    expect(text).not.toMatch(/INFOBIP/);
    // Each is in the place where its meaning stands.
    for (const name of Object.keys(parse(text))) expect(text).toMatch(new RegExp(`^#.*\\n${name}=`, 'm'));
  });

  it.each([
    'mongodb://u:p@h/db?replicaSet=rs0',
    'mongodb://u:p#4$x@h/db',
    `a 'b" c`,
    `a 'b\` c`,
    `it's`,
    '"Acme" <no-reply@acme.example>',
    '$2b$10$abc',
    '*:labsmobile*70|twilio*30,infobip',
  ])('holds %s so that it is read as the same', (value) => {
    expect(parse(`A=${quoted(value)}\n`)).toEqual({ A: value });
  });

  it.each([
    [{ PUBLIC_URL: 'verify.example.com' }, /PUBLIC_URL/],
    [{ DEFAULT_COUNTRY: 'Spain' }, /DEFAULT_COUNTRY/],
    [{ MONGODB_URI: 'localhost' }, /MONGODB_URI/],
    [{ SMS_ROUTES: '*:twillio' }, /SMS_ROUTES.*twillio/],
    [{ SMS_ROUTES: 'twilio' }, /SMS_ROUTES/],
  ])('is not written with %j', (values, problem) => {
    expect(problemsOf(values, extensions).join()).toMatch(problem);
  });

  it('knows gateways of plug-ins as well', () => {
    const gateways = {
      ...extensions.gateways,
      acme: { ...extensions.gateways['labsmobile']!, name: 'acme' },
    };
    const values = { SMS_ROUTES: '*:acme' };
    expect(problemsOf(values, { ...extensions, gateways })).toEqual([]);
    expect(renderEnvFile(values, { ...extensions, gateways })).toMatch(/^SMS_ACME_TOKEN=$/m);
  });

  it('comes with the next steps', () => {
    const steps = nextSteps({
      envFile: '.env',
      secretsFile: 's.json',
      missing: ['A'],
      values: {},
      countries: ['ES'],
    });
    expect(steps.join('\n')).toMatch(
      /copy of s\.json[^]*SMS_ROUTES[^]*Fill in A[^]*doctor[^]*start[^]*--allowed-countries ES/,
    );
  });
});
