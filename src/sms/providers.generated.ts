/** Every gateway in `providers/`, by name. Written by `npm run gen`; do not edit. */
import type { SmsProviderDefinition } from './sms-provider';
import awsGateway from './providers/aws';
import consoleGateway from './providers/console';
import httpGateway from './providers/http';
import infobipGateway from './providers/infobip';
import labsmobileGateway from './providers/labsmobile';
import messagebirdGateway from './providers/messagebird';
import metaGateway from './providers/meta';
import plivoGateway from './providers/plivo';
import sinchGateway from './providers/sinch';
import smppGateway from './providers/smpp';
import smtpGateway from './providers/smtp';
import telnyxGateway from './providers/telnyx';
import twilioGateway from './providers/twilio';
import vonageGateway from './providers/vonage';
import vonageSmsGateway from './providers/vonage-sms';

export const smsProviders: Readonly<Record<string, SmsProviderDefinition>> = {
  aws: awsGateway,
  console: consoleGateway,
  http: httpGateway,
  infobip: infobipGateway,
  labsmobile: labsmobileGateway,
  messagebird: messagebirdGateway,
  meta: metaGateway,
  plivo: plivoGateway,
  sinch: sinchGateway,
  smpp: smppGateway,
  smtp: smtpGateway,
  telnyx: telnyxGateway,
  twilio: twilioGateway,
  vonage: vonageGateway,
  'vonage-sms': vonageSmsGateway,
};
