/** Every gateway in `providers/`, by name. Written by `npm run gen`; do not edit. */
import type { SmsProviderDefinition } from './sms-provider';
import consoleGateway from './providers/console';
import httpGateway from './providers/http';
import labsmobileGateway from './providers/labsmobile';
import messagebirdGateway from './providers/messagebird';
import sinchGateway from './providers/sinch';
import twilioGateway from './providers/twilio';
import vonageGateway from './providers/vonage';

export const smsProviders: Readonly<Record<string, SmsProviderDefinition>> = {
  console: consoleGateway,
  http: httpGateway,
  labsmobile: labsmobileGateway,
  messagebird: messagebirdGateway,
  sinch: sinchGateway,
  twilio: twilioGateway,
  vonage: vonageGateway,
};
