import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import { aMessage } from '../../testing/message';
import { gatewayTools, httpGatewayContract } from '../../../test/contracts/gateway.contract';
import { receiptsContract } from '../../../test/contracts/receipts.contract';
import { GatewayEmulator } from '../../testing/fakes/gateway-emulator';
import type { SeenRequest } from '../../testing/fakes/gateway-emulator';
import { FakeSns, snsRequest, TOPIC } from '../../../test/fakes/sns';
import type { RejectReason, SmsOutcome } from '../gateway';
import definition from './aws';

const SECRET_KEY = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY';
const account = { region: 'eu-west-1', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET_KEY };
const bodyOf = ({ body }: SeenRequest) => JSON.parse(body) as Record<string, unknown>;

type Row = [name: string, status: number, body: object, expected: SmsOutcome];

/** An exception as this API writes it. */
const exception = (type: string, reason: RejectReason, more: object = {}, status = 400): Row => {
  const { Reason: vendorCode = type } = more as { Reason?: string };
  const shown = JSON.stringify(more);
  const body = { __type: `com.amazonaws.pinpointsmsvoicev2#${type}`, Message: 'for +34600987123', ...more };
  return [`${type} ${shown}`, status, body, { outcome: 'rejected', reason, vendorCode }];
};
const invalid = (field: string) => ({
  Reason: 'FIELD_VALIDATION_FAILED',
  Fields: [{ Name: field, Message: 'bad' }],
});

describe('the aws gateway', () => {
  httpGatewayContract({
    definition,
    settings: (baseUrl) => ({ ...account, baseUrl }),
    secrets: [SECRET_KEY],
    accepted: { status: 200, body: { MessageId: '862a8790-60c0' }, reference: '862a8790-60c0' },
    number: '+34600987123',
    validity: { sms: { secondsIn: (request) => Number(bodyOf(request)['TimeToLive']) } },
    numberIn: (request) => bodyOf(request)['DestinationPhoneNumber'],
    strange2xx: 'unknown',
    limits: [['parts a second', 'sms', 400, { __type: 'ThrottlingException' }, 'sender']],
    errors: [
      exception('ThrottlingException', 'rate-limited'),
      exception('ConflictException', 'opted-out', { Reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' }),
      exception('ConflictException', 'blocked', {
        Reason: 'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE',
      }),
      exception('ConflictException', 'refused', {
        Reason: 'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
      }),
      exception('ConflictException', 'refused', { Reason: 'DESTINATION_PHONE_NUMBER_NOT_VERIFIED' }),
      exception('ConflictException', 'refused', { Reason: 'NO_ORIGINATION_IDENTITIES_FOUND' }),
      exception('ConflictException', 'refused', { Reason: 'NUMBER_CAPABILITIES_MISMATCH' }),
      exception('ServiceQuotaExceededException', 'no-credit', {
        Reason: 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT',
      }),
      exception('ServiceQuotaExceededException', 'refused', { Reason: 'DAILY_DESTINATION_CALL_LIMIT' }),
      exception('AccessDeniedException', 'unauthorized', { Reason: 'ACCOUNT_DISABLED' }),
      exception('AccessDeniedException', 'unauthorized', { Reason: 'INSUFFICIENT_ACCOUNT_REPUTATION' }),
      exception('AccessDeniedException', 'unauthorized'),
      exception('ResourceNotFoundException', 'unavailable'),
      exception('ValidationException', 'invalid-number', invalid('destinationPhoneNumber')),
      exception('ValidationException', 'content', invalid('MessageBody')),
      exception('ValidationException', 'refused', invalid('OriginationIdentity')),
      exception('ValidationException', 'content', { Reason: 'MAXIMUM_SIZE_EXCEEDED' }),
      exception('ValidationException', 'refused', { Reason: 'PRICE_OVER_THRESHOLD' }),
      exception('ValidationException', 'refused', { Reason: 'SENDER_ID_NOT_SUPPORTED' }),
      exception('ValidationException', 'refused', { Reason: 'DESTINATION_COUNTRY_BLOCKED' }),
      exception('ValidationException', 'refused'),
      exception('UnrecognizedClientException', 'unauthorized'),
      exception('InvalidSignatureException', 'unauthorized', {}, 403),
      exception('ExpiredTokenException', 'unauthorized'),
      [
        'InternalServerException',
        500,
        { __type: 'InternalServerException' },
        { outcome: 'unknown', vendorCode: '500' },
      ],
      [
        'ServiceUnavailableException',
        503,
        { __type: 'ServiceUnavailableException' },
        { outcome: 'unknown', vendorCode: '503' },
      ],
      [
        'an exception that nobody knows',
        400,
        { __type: 'toString' },
        { outcome: 'rejected', reason: 'refused', vendorCode: '400' },
      ],
      [
        'fields and reasons that are none',
        400,
        { __type: 'ValidationException', Reason: 5, Fields: 'x' },
        { outcome: 'rejected', reason: 'refused', vendorCode: 'ValidationException' },
      ],
    ],
  });

  describe('what it sends', () => {
    const http = new UndiciHttpClient({ allowPrivate: true });
    let emulator: GatewayEmulator;
    beforeEach(async () => {
      emulator = await GatewayEmulator.start();
      emulator.answer(200, { MessageId: 'm1' });
    });
    afterEach(() => emulator.stop());
    afterAll(() => http.close());

    const send = async (settings: Record<string, string>, message = aMessage()) => {
      const config = definition.config.parse({ baseUrl: emulator.url, ...settings });
      const gateway = definition.create(config, gatewayTools(http));
      const outcome = await gateway.send(message, AbortSignal.timeout(5_000));
      await gateway.close?.();
      return outcome;
    };

    it('is the call of the API, signed for its service and region', async () => {
      await send({ ...account, region: 'ap-southeast-2', sessionToken: 'token' });
      const { method, path, headers } = emulator.lastRequest;
      expect([method, path]).toEqual(['POST', '/']);
      expect(headers).toMatchObject({
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage',
        'x-amz-security-token': 'token',
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/ap-southeast-2\/sms-voice\/aws4_request, /,
        ),
      });
    });

    it('says everything that is set, and our reference', async () => {
      const message = aMessage({ text: 'Ваш код 483920 😀', secondsLeft: 120 });
      await send(
        {
          ...account,
          originationIdentity: 'arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1',
          configurationSetName: 'otp',
          protectConfigurationId: 'protect-1',
          maxPrice: '0.25',
        },
        message,
      );
      expect(bodyOf(emulator.lastRequest)).toEqual({
        DestinationPhoneNumber: '+34600987123',
        OriginationIdentity: 'arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1',
        MessageBody: message.text,
        MessageType: 'TRANSACTIONAL',
        ConfigurationSetName: 'otp',
        ProtectConfigurationId: 'protect-1',
        MaxPrice: '0.25',
        TimeToLive: 120,
        Context: { reference: message.clientReference },
      });
    });

    // Catches: the SDK's own three attempts.
    it.each([500, 503, 429])('is sent once, also after a %i', async (status) => {
      emulator.answer(status, { __type: 'ThrottlingException' });
      await send(account);
      expect(emulator.requests).toHaveLength(1);
    });

    // Catches: connections of the SDK's own.
    it('goes to no private address where those are refused', async () => {
      const guarded = new UndiciHttpClient({ allowPrivate: false });
      const config = definition.config.parse({ ...account, baseUrl: emulator.url });
      const gateway = definition.create(config, gatewayTools(guarded));
      const outcome = await gateway.send(aMessage(), AbortSignal.timeout(5_000));
      expect(outcome).toEqual({ outcome: 'rejected', reason: 'unavailable' });
      expect(emulator.connections).toBe(0);
      await guarded.close();
    });
  });

  it.each([
    { region: 'Ireland' },
    { region: 'eu-west-1', accessKeyId: 'only' },
    { region: 'eu-west-1', topicArn: 'arn:aws:sns:eu-west-1:1:x' },
    { region: 'eu-west-1', maxPrice: '1 dollar' },
  ])('does not take the settings %j', (settings) => {
    expect(definition.config.safeParse(settings).success).toBe(false);
  });

  const reference = 'R'.repeat(44);
  const event = (eventType: string, more: object = {}) =>
    JSON.stringify({
      eventType,
      eventVersion: '1.0',
      eventTimestamp: 1686975103470,
      isFinal: true,
      destinationPhoneNumber: '+34600987123',
      messageId: '862a8790',
      messageStatus: 'x',
      context: { reference },
      totalMessageParts: 2,
      totalMessagePrice: 0.09582,
      totalCarrierFee: 0.0,
      ...more,
    });
  const whole = {
    clientReference: reference,
    reference: '862a8790',
    parts: 2,
    price: { micros: 95_820, currency: 'USD' },
  };
  const failed = (eventType: string, reason: string): [string, string, [object]] => [
    eventType,
    event(eventType),
    [{ ...whole, state: 'undelivered', reason }],
  ];

  receiptsContract({
    definition,
    settings: { region: 'eu-west-1', topicArn: TOPIC },
    tools: { http: new FakeSns() },
    authentic: (body, now) => snsRequest({ Message: body }, now),
    signature: 'covers-fields',
    signatureNames: [],
    hasReplayWindow: true,
    examples: [
      ['TEXT_DELIVERED', event('TEXT_DELIVERED'), [{ ...whole, state: 'delivered' }]],
      ['TEXT_QUEUED', event('TEXT_QUEUED'), [{ ...whole, state: 'accepted' }]],
      ['TEXT_PENDING', event('TEXT_PENDING'), [{ ...whole, state: 'sent' }]],
      ['TEXT_SUCCESSFUL', event('TEXT_SUCCESSFUL'), [{ ...whole, state: 'sent' }]],
      ...([
        failed('TEXT_INVALID', 'invalid-number'),
        failed('TEXT_INVALID_MESSAGE', 'content'),
        failed('TEXT_UNREACHABLE', 'unreachable'),
        failed('TEXT_CARRIER_UNREACHABLE', 'unavailable'),
        failed('TEXT_BLOCKED', 'blocked'),
        failed('TEXT_CARRIER_BLOCKED', 'content'),
        failed('TEXT_PROTECT_BLOCKED', 'blocked'),
        failed('TEXT_SPAM', 'content'),
        failed('TEXT_TTL_EXPIRED', 'expired'),
        failed('TEXT_UNKNOWN', 'unknown'),
      ] as [string, string, [typeof whole & { state: 'undelivered'; reason: 'unknown' }]][]),
      ['an event without our reference', event('TEXT_DELIVERED', { context: null }), []],
      ['an event about a call', event('VOICE_COMPLETED'), []],
      ['an event of tomorrow', event('constructor'), []],
    ],
  });
});
