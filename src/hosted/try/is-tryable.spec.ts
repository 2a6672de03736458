import { loadSettings } from '../../../config/load-settings';
import type { Settings } from '../../../config/settings';
import { gateways } from '../../sms/gateways.generated';
import { isTryable } from './is-tryable';

const fresh = loadSettings({ NODE_ENV: 'development' }, gateways);
const phones = loadSettings(
  { NODE_ENV: 'development', SMS_ROUTES: 'ES:http;*:console', SMS_HTTP_URL: 'https://gateway.example/send' },
  gateways,
);

describe('the demo', () => {
  it('is there in development, where nothing else is set', () => expect(isTryable(fresh)).toBe(true));

  // Catches: a page on a production server through which anybody sends codes and reads them.
  it.each<[string, Partial<Settings>]>([
    ['in production', { server: { ...fresh.server, environment: 'production' } }],
    ['under a path', { server: { ...fresh.server, publicUrl: 'https://shop.example/otp' } }],
    ['in tests', { server: { ...fresh.server, environment: 'test' } }],
    ['without the page', { hosted: { isOn: false } }],
    ['without a sandbox', { sms: { ...fresh.sms, sandbox: false } }],
    ['when a message may go to a real phone', { sms: phones.sms }],
  ])('is not there %s', (_where, change) => {
    expect(isTryable({ ...fresh, ...change })).toBe(false);
  });
});
