import { someGateways } from '../test/builders/gateways';
import { envNames } from './env';
import { renderEnvExample } from './env-example';
import { loadSettings } from './load-settings';

const text = renderEnvExample(someGateways, {});
const assignments = text.split('\n').filter((line) => /^# [A-Z_]+=/.test(line));

describe('renderEnvExample', () => {
  it('names every variable once, in the order of the documentation, gateways after SANDBOX', () => {
    const gateways = [
      'SMS_ACME_USERNAME',
      'SMS_ACME_TOKEN',
      'SMS_ACME_BASE_URL',
      'SMS_ACME_MAX_PARTS',
      'SMS_HTTP_URL',
      'SMS_HTTP_JSON_URL',
      'SMS_HTTP_JSON_HEADERS',
    ];
    const at = envNames.indexOf('SANDBOX') + 1;
    const names = assignments.map((line) => line.slice(2, line.indexOf('=')));
    expect(names).toEqual([...envNames.slice(0, at), ...gateways, ...envNames.slice(at)]);
  });

  it('shows meaning, default, and what is secret', () => {
    expect(text).toContain(
      '# The address to listen on.\n# Default: 127.0.0.1; in production 0.0.0.0.\n# HOST=\n',
    );
    expect(text).toContain('# The port of the API.\n# Default: 3000.\n# PORT=3000\n');
    expect(text).toContain('# API token\n# Required. Secret.\n# SMS_ACME_TOKEN=\n');
    expect(text).toContain('# Most parts of one text\n# Default: none.\n# SMS_ACME_MAX_PARTS=\n');
    expect(text).toMatch(/Default: none\. Secret\.\n# ADMIN_KEY=\n/);
  });

  it('changes nothing when it is used as it is, nor when every line is uncommented', () => {
    const env = Object.fromEntries(
      assignments.map((line) => [line.slice(2, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect(text.split('\n').every((line) => line === '' || line.startsWith('#'))).toBe(true);
    expect(loadSettings(env, someGateways)).toEqual(loadSettings({}, someGateways));
  });

  it('keeps its lines short', () => {
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});
