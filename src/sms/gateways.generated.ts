/** Everything in `gateways/`, by name. Written by `npm run gen`; do not edit. */
import type { GatewayDefinition } from './gateway';
import awsGateway from './gateways/aws';
import consoleGateway from './gateways/console';
import httpGateway from './gateways/http';
import infobipGateway from './gateways/infobip';
import labsmobileGateway from './gateways/labsmobile';
import messagebirdGateway from './gateways/messagebird';
import metaGateway from './gateways/meta';
import plivoGateway from './gateways/plivo';
import sinchGateway from './gateways/sinch';
import smppGateway from './gateways/smpp';
import smtpGateway from './gateways/smtp';
import telnyxGateway from './gateways/telnyx';
import twilioGateway from './gateways/twilio';
import vonageGateway from './gateways/vonage';
import vonageSmsGateway from './gateways/vonage-sms';

export const gateways: Readonly<Record<string, GatewayDefinition>> = {
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
