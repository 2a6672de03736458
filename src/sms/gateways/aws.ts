import type {
  PinpointSMSVoiceV2Client,
  SendTextMessageCommandInput,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { z } from 'zod';
import { HttpError } from '../../common/outbound/http-client';
import type { HttpClient } from '../../common/outbound/http-client';
import { allowedSendersSetting, sendersFor, sendersSetting, type WithSenders } from '../protocols/senders';
import { defineGateway } from '../gateway';
import type { SmsMessage, SmsOutcome } from '../gateway';
import { untilAborted } from '../protocols/until-aborted';
import { outcomeOfSdkError } from '../protocols/aws/exceptions';
import { sdkHttpHandler } from '../protocols/aws/http-handler';
import { TOPIC_ARN } from '../protocols/aws/sns-message';
import { snsReceipts } from '../protocols/aws/sns-receipts';
import { readTextEvent, REFERENCE_KEY } from '../protocols/aws/text-event';
import { validityField, validSeconds } from '../validity';

/**
 * AWS End User Messaging SMS, API version 2 (`SendTextMessage`), through the vendor's SDK, which signs and reads; what
 * it writes goes over our own HTTP client, and it repeats nothing. Held at 3.1138: the vendor says that releases from
 * January 2027 on need Node 22.
 */
const config = z
  .strictObject({
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-west-1')
      .describe('Region, such as eu-west-1'),
    originationIdentity: sendersSetting(/^\S{1,256}$/, 'must be up to 256 characters without spaces', true)
      .optional()
      .describe('Sender: number, sender id or pool, or its ARN; without it, AWS chooses'),
    allowedSenders: allowedSendersSetting(),
    accessKeyId: z
      .string()
      .min(1)
      .optional()
      .describe('Access key; without it, the default chain of the SDK (profile, role of the machine)'),
    secretAccessKey: z.string().min(1).optional().describe('Its secret').meta({ secret: true }),
    sessionToken: z.string().min(1).optional().describe('Of temporary keys').meta({ secret: true }),
    configurationSetName: z
      .string()
      .min(1)
      .optional()
      .describe('Configuration set, whose events are the receipts'),
    protectConfigurationId: z
      .string()
      .min(1)
      .optional()
      .describe('Protect configuration: countries and numbers'),
    maxPrice: z
      .string()
      .regex(/^\d{1,3}(\.\d{1,8})?$/, 'must be an amount in US dollars, such as 0.15')
      .optional()
      .describe('Most that one text may cost, in US dollars'),
    topicArn: z
      .string()
      .regex(TOPIC_ARN, 'must be the ARN of an SNS topic')
      .optional()
      .describe('SNS topic that receipts come from; without it none is believed'),
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Address of the API; without it, that of the region'),
  })
  .refine(
    ({ accessKeyId, secretAccessKey }) => (accessKeyId === undefined) === (secretAccessKey === undefined),
    'ACCESS_KEY_ID and SECRET_ACCESS_KEY go together',
  );
type Config = z.infer<typeof config>;
const SENDERS = { sms: 'originationIdentity' } as const;

const TIME_TO_LIVE = validityField('TimeToLive', 5, 259_200);

export default defineGateway({
  name: 'aws',
  validity: { sms: TIME_TO_LIVE },
  docs: {
    title: 'AWS End User Messaging SMS',
    verified:
      'Over real sockets through the official SDK, against an emulator of the documented answers; receipts with certificates of our own. Not against a live account. Without ACCESS_KEY_ID the SDK looks for credentials by itself (files, environment, the metadata address of the machine): these calls do not go through the rule for outbound calls.',
    receipts:
      'Create an SNS topic (standard), set TOPIC_ARN, make it an event destination (all text events) of the configuration set, and subscribe the receipt address of this gateway to it by HTTPS, without raw message delivery. The subscription confirms itself. Signatures of versions 1 and 2 are verified.',
  },
  limits: { maxCharacters: 1_600 },
  config,
  senders: SENDERS,
  create: (settings, { http }) => {
    const sdk = openSdk(settings, http);
    // Told by the first send; unhandled it would end the process.
    sdk.catch(() => undefined);
    return {
      send: (message, signal) => send(sdk, inputOf(message, sendersFor(settings, SENDERS, message)), signal),
      readReceipts: snsReceipts(http, settings.topicArn, readTextEvent),
      async close() {
        const opened = await sdk.catch(() => null);
        opened?.client.destroy();
      },
    };
  },
});

interface Sdk {
  readonly client: PinpointSMSVoiceV2Client;
  call(
    input: SendTextMessageCommandInput,
    abortSignal: AbortSignal,
  ): Promise<{ readonly MessageId?: string }>;
}

/** Loads the SDK, which only those pay for who route this gateway. */
async function openSdk(settings: Config, http: HttpClient): Promise<Sdk> {
  const { PinpointSMSVoiceV2Client, SendTextMessageCommand } =
    await import('@aws-sdk/client-pinpoint-sms-voice-v2');
  const { region, baseUrl, accessKeyId, secretAccessKey, sessionToken } = settings;
  const keys = accessKeyId !== undefined && secretAccessKey !== undefined;
  const client = new PinpointSMSVoiceV2Client({
    region,
    endpoint: baseUrl,
    // Ours is the fail-over: a call that is repeated here would not be known there.
    maxAttempts: 1,
    requestHandler: sdkHttpHandler(http),
    credentials: keys ? { accessKeyId, secretAccessKey, sessionToken } : undefined,
  });
  return {
    client,
    call: (input, abortSignal) => client.send(new SendTextMessageCommand(input), { abortSignal }),
  };
}

async function send(
  opening: Promise<Sdk>,
  input: SendTextMessageCommandInput,
  signal: AbortSignal,
): Promise<SmsOutcome> {
  let sdk: Sdk;
  try {
    sdk = await untilAborted(opening, signal);
    // Asked for before the call, which otherwise might hang there without having sent anything.
    await untilAborted(sdk.client.config.credentials(), signal);
  } catch {
    return { outcome: 'rejected', reason: signal.aborted ? 'unavailable' : 'unauthorized' };
  }
  try {
    const { MessageId: reference } = await sdk.call(input, signal);
    // A 2xx without an id promises nothing.
    return reference === undefined ? { outcome: 'unknown' } : { outcome: 'accepted', reference };
  } catch (error) {
    return outcomeOf(error);
  }
}

function inputOf(
  message: SmsMessage,
  settings: WithSenders<Config, 'originationIdentity'>,
): SendTextMessageCommandInput {
  const { dlt } = settings;
  return {
    DestinationPhoneNumber: message.to,
    OriginationIdentity: settings.originationIdentity,
    MessageBody: message.text,
    MessageType: 'TRANSACTIONAL',
    ConfigurationSetName: settings.configurationSetName,
    ProtectConfigurationId: settings.protectConfigurationId,
    MaxPrice: settings.maxPrice,
    TimeToLive: validSeconds(message, TIME_TO_LIVE),
    DestinationCountryParameters: dlt
      ? { IN_ENTITY_ID: dlt.entityId, IN_TEMPLATE_ID: dlt.templateId }
      : undefined,
    Context: { [REFERENCE_KEY]: message.clientReference },
  };
}

const sdkErrorSchema = z.object({
  name: z.string(),
  Reason: z.string().optional().catch(undefined),
  Fields: z
    .array(z.object({ Name: z.string() }).transform(({ Name }) => Name))
    .optional()
    .catch(undefined),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional().catch(undefined),
});

function outcomeOf(error: unknown): SmsOutcome {
  if (error instanceof HttpError) {
    return error.sent ? { outcome: 'unknown' } : { outcome: 'rejected', reason: 'unavailable' };
  }
  const parsed = sdkErrorSchema.safeParse(error);
  if (!parsed.success) return { outcome: 'unknown' };
  const { name, Reason: reason, Fields: fields = [], $metadata: metadata } = parsed.data;
  return outcomeOfSdkError({ name, reason, fields, status: metadata?.httpStatusCode });
}
