/** Every gateway in `providers/`, by name. Written by `npm run gen`; do not edit. */
import type { SmsProviderDefinition } from './sms-provider';
import consoleGateway from './providers/console';
import httpGateway from './providers/http';
import labsmobileGateway from './providers/labsmobile';

export const smsProviders: Readonly<Record<string, SmsProviderDefinition>> = {
  console: consoleGateway,
  http: httpGateway,
  labsmobile: labsmobileGateway,
};
