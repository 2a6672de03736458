/**
 * How each vendor speaks of a number that it does not take, and of an account that is dead. The bodies are those of the
 * vendors' references, SDKs and public bug reports.
 */
import { generateKeyPairSync } from 'node:crypto';
import type { Channel } from '../../../src/common/channel';

export interface Answer {
  readonly name: string;
  readonly status: number;
  readonly body: string | object;
}

export interface VendorAnswers {
  readonly channel?: Channel;
  settings(baseUrl: string): Record<string, string>;
  readonly accepted: Answer;
  readonly badNumbers: readonly Answer[];
  readonly deadAccounts: readonly Answer[];
}

const answer = (name: string, status: number, body: string | object = ''): Answer => ({ name, status, body });

const twilio = (code: number, status = 400) => ({ code, message: 'no', more_info: 'x', status });
const sinch = (code: string, text: string) => ({ code, text });
const part = (status: string, text: string) => ({
  'message-count': '1',
  messages: [{ status, 'error-text': text }],
});
const graph = (code: number, details: string) => ({
  error: { message: `(#${code}) no`, type: 'OAuthException', code, error_data: { details }, fbtrace_id: 'x' },
});
const vonage = (word: string, more: object = {}) => ({
  type: `https://developer.vonage.com/api-errors/messages#${word}`,
  title: 'x',
  ...more,
});
const infobip = (groupName: string, name: string) => ({
  messages: [{ messageId: 'm', status: { groupId: 5, groupName, id: 1, name, description: 'x' } }],
});
const bird = (code: number, parameter: string | null) => ({
  errors: [{ code, description: 'no', parameter }],
});
const telnyx = (code: number, pointer: string) => ({
  errors: [{ code: String(code), title: 'x', detail: 'x', source: { pointer } }],
});
const aws = (type: string, more: object = {}) => ({ __type: type, Message: 'x', ...more });
const pem = () =>
  String(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );

export const vendors: Readonly<Record<string, VendorAnswers>> = {
  aws: {
    settings: (baseUrl) => ({ region: 'eu-west-1', accessKeyId: 'AKID', secretAccessKey: 's', baseUrl }),
    accepted: answer('taken', 200, { MessageId: 'm' }),
    badNumbers: [
      answer(
        'invalid by its field',
        400,
        aws('ValidationException', { Fields: [{ Name: 'DestinationPhoneNumber', Message: 'x' }] }),
      ),
      answer('invalid by a reason', 400, aws('ValidationException', { Reason: 'INVALID_PARAMETER' })),
      answer(
        'in a blocked country',
        400,
        aws('ValidationException', { Reason: 'DESTINATION_COUNTRY_BLOCKED' }),
      ),
      answer(
        'not verified in a sandbox',
        400,
        aws('ConflictException', { Reason: 'DESTINATION_PHONE_NUMBER_NOT_VERIFIED' }),
      ),
      answer(
        'without a sender',
        400,
        aws('ConflictException', { Reason: 'NO_ORIGINATION_IDENTITIES_FOUND' }),
      ),
      answer(
        'written to too often',
        400,
        aws('ServiceQuotaExceededException', { Reason: 'DAILY_DESTINATION_CALL_LIMIT' }),
      ),
    ],
    deadAccounts: [
      answer('disabled', 403, aws('AccessDeniedException', { Reason: 'ACCOUNT_DISABLED' })),
      answer('an old key', 403, aws('UnrecognizedClientException')),
      answer(
        'out of money',
        400,
        aws('ServiceQuotaExceededException', { Reason: 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT' }),
      ),
      answer('down', 500, aws('InternalServerException')),
    ],
  },
  http: {
    settings: (baseUrl) => ({ url: `${baseUrl}/send` }),
    accepted: answer('taken', 200, { id: 'm' }),
    badNumbers: [
      answer('a bad request', 400, { error: 'invalid to' }),
      answer('forbidden', 403, { error: 'destination not allowed' }),
      answer('not found', 404, { error: 'no such subscriber' }),
      answer('in conflict', 409, 'duplicate'),
      answer('unprocessable', 422, { error: 'msisdn' }),
    ],
    deadAccounts: [
      answer('a wrong key', 401),
      answer('no credit', 402),
      answer('down', 503, 'maintenance'),
      answer('moved', 301),
    ],
  },
  infobip: {
    settings: (baseUrl) => ({ apiKey: 'k', from: 'SIXDIGIT', baseUrl }),
    accepted: answer('taken', 200, infobip('PENDING', 'PENDING_ACCEPTED')),
    badNumbers: [
      answer('a violation', 400, {
        errorCode: 'E400',
        violations: [{ property: 'messages[0].destinations[0].to', violation: 'invalid' }],
      }),
      answer('a bad request', 400, { errorCode: 'E400', description: 'x' }),
      answer('no route', 200, infobip('REJECTED', 'REJECTED_ROUTE_NOT_AVAILABLE')),
      answer('no network', 200, infobip('REJECTED', 'REJECTED_NETWORK')),
      answer('not registered', 200, infobip('REJECTED', 'REJECTED_DESTINATION_NOT_REGISTERED')),
      answer('flooded', 200, infobip('REJECTED', 'REJECTED_FLOODING_FILTER')),
      answer('no prefix', 200, infobip('REJECTED', 'REJECTED_PREFIX_MISSING')),
    ],
    deadAccounts: [
      answer('a wrong key', 401, { errorCode: 'E401' }),
      answer('no credit', 200, infobip('REJECTED', 'REJECTED_NOT_ENOUGH_CREDITS')),
      answer('a failure of its own', 200, infobip('REJECTED', 'REJECTED_SYSTEM_ERROR')),
      answer('down', 503),
    ],
  },
  labsmobile: {
    settings: (baseUrl) => ({ username: 'u', token: 't', baseUrl }),
    accepted: answer('taken', 200, { code: '0', subid: 'm' }),
    badNumbers: [
      answer('malformed data', 400, { code: '11', message: 'x' }),
      answer('no recipients', 400, { code: '23', message: 'x' }),
      answer('a code without explanation', 200, { code: '41', message: 'x' }),
      answer('forbidden', 403),
    ],
    deadAccounts: [
      answer('wrong credentials', 401, { code: '401', message: 'Unauthorized' }),
      answer('no credit', 200, { code: '35', message: 'x' }),
      answer('errors while sending', 500, { code: '30', message: 'x' }),
    ],
  },
  messagebird: {
    settings: (baseUrl) => ({ accessKey: 'k', from: 'Sixdigit', baseUrl }),
    accepted: answer('taken', 201, { id: 'm', recipients: { items: [{ status: 'sent' }] } }),
    badNumbers: [
      answer('no correct recipients', 422, bird(9, 'recipients')),
      answer('a sender that the country does not take', 422, bird(10, 'originator')),
      answer('a bad request', 400, bird(21, null)),
      answer('a code nobody documents', 422, bird(77, null)),
      answer('failed at once', 201, { id: 'm', recipients: { items: [{ status: 'delivery_failed' }] } }),
    ],
    deadAccounts: [
      answer('a wrong key', 401, bird(2, 'access_key')),
      answer('no balance', 400, bird(25, null)),
      answer('down', 500, bird(99, null)),
    ],
  },
  meta: {
    channel: 'whatsapp',
    settings: (baseUrl) => ({ phoneNumberId: '106540352242922', accessToken: 't', template: 'otp', baseUrl }),
    accepted: answer('taken', 200, { messages: [{ id: 'wamid.x' }] }),
    badNumbers: [
      answer('an invalid parameter', 400, graph(100, 'Parameter Invalid')),
      answer('an invalid value', 400, graph(131_009, 'Phone number is not valid')),
      answer('nobody on WhatsApp', 400, graph(131_026, 'Message undeliverable')),
      answer('in a restricted country', 403, graph(130_497, 'x')),
      answer('not on the list', 400, graph(131_030, 'x')),
      answer('our own', 400, graph(131_021, 'x')),
      answer('a language without a template', 404, graph(132_001, 'x')),
    ],
    deadAccounts: [
      answer('an old token', 401, graph(190, 'x')),
      answer('locked', 403, graph(131_031, 'x')),
      answer('unpaid', 400, graph(131_042, 'x')),
      answer('overloaded', 500, graph(131_016, 'x')),
    ],
  },
  plivo: {
    settings: (baseUrl) => ({
      authId: 'MAXXXXXXXXXXXXXXXXXX',
      authToken: 't',
      from: '+12015550123',
      baseUrl,
    }),
    accepted: answer('taken', 202, { message_uuid: ['m'] }),
    badNumbers: [
      answer('no valid number', 400, { api_id: 'x', error: "'1111111' is not a valid phone number." }),
      answer('in a country that is not enabled', 403, { api_id: 'x', error: 'geo permission' }),
      answer('not acceptable', 406, { api_id: 'x', error: 'x' }),
      answer('invalid, with a success', 202, { message_uuid: [], invalid_number: ['1111111'] }),
    ],
    deadAccounts: [
      answer('wrong credentials', 401, 'Could not verify your access level'),
      answer('no credit', 400, { error: 'Insufficient Credit' }),
      answer('down', 500, { error: 'server error' }),
    ],
  },
  sinch: {
    settings: (baseUrl) => ({ servicePlanId: 'plan', apiToken: 't', from: 'Sixdigit', baseUrl }),
    accepted: answer('taken', 201, { id: 'm' }),
    badNumbers: [
      answer('a constraint', 400, sinch('syntax_constraint_violation', 'to: Invalid MSISDN')),
      answer('a form', 400, sinch('syntax_invalid_parameter_format', 'Invalid MSISDN')),
      answer('a kind', 403, sinch('illegal_number_type', 'x')),
      answer('a code nobody documents', 403, sinch('new_word', 'x')),
    ],
    deadAccounts: [
      answer('a wrong token', 401),
      answer('blocked', 403, sinch('blocked_account', 'x')),
      answer('a wrong service plan', 404),
      answer('down', 503),
    ],
  },
  telnyx: {
    settings: (baseUrl) => ({ apiKey: 'k', from: '+12015550123', baseUrl }),
    accepted: answer('taken', 200, { data: { id: 'm', to: [{ status: 'queued' }] } }),
    badNumbers: [
      answer('invalid', 400, telnyx(40_310, '/to')),
      answer('not E.164', 422, telnyx(10_016, '/to')),
      answer('not on the white list of the profile', 400, telnyx(40_309, '/to')),
      answer('a bad request', 400, telnyx(10_015, '/to')),
      answer('no sender for it', 400, telnyx(40_305, '/from')),
      answer('a code nobody documents', 422, telnyx(49_999, '/to')),
    ],
    deadAccounts: [
      answer('a wrong key', 401, telnyx(10_009, '')),
      answer('no balance', 402, telnyx(20_100, '')),
      answer('down', 503, telnyx(10_007, '')),
    ],
  },
  twilio: {
    settings: (baseUrl) => ({
      accountSid: 'AC0123456789abcdef0123456789abcdef',
      authToken: 't',
      from: '+12015550123',
      baseUrl,
    }),
    accepted: answer('taken', 201, { sid: 'SM0123', status: 'queued' }),
    badNumbers: [
      answer('no number', 400, twilio(21_211)),
      answer('in a region without permission', 400, twilio(21_408)),
      answer('not reachable from this sender', 400, twilio(21_612)),
      answer('not for this sender', 400, twilio(21_606)),
      answer('not verified on trial', 400, twilio(21_608)),
      answer('no mobile', 400, twilio(21_614)),
      answer('a code nobody documents', 400, twilio(21_999)),
      answer('forbidden', 403, twilio(99_999, 403)),
    ],
    deadAccounts: [
      answer('a wrong token', 401, twilio(20_003, 401)),
      answer('not active', 401, twilio(20_005, 401)),
      answer('no such account', 404, twilio(20_404, 404)),
      answer('down', 503, twilio(20_503, 503)),
    ],
  },
  vonage: {
    settings: (baseUrl) => ({
      applicationId: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
      privateKey: pem(),
      from: 'SIXDIGIT',
      baseUrl,
    }),
    accepted: answer('taken', 202, { message_uuid: 'm' }),
    badNumbers: [
      answer('invalid', 422, vonage('1020', { invalid_parameters: [{ name: 'to', reason: 'x' }] })),
      answer('invalid, not said how', 422, vonage('1020')),
      answer('an unknown prefix', 422, vonage('1040')),
      answer('a sender that the country does not take', 422, vonage('1120')),
      answer('not reached', 422, vonage('1100')),
      answer('absent', 422, vonage('1180')),
      answer('forbidden', 403, vonage('forbidden')),
    ],
    deadAccounts: [
      answer('wrong credentials', 401, vonage('unauthorized')),
      answer('no money', 402, vonage('low-balance')),
      answer('suspended', 403, vonage('account-suspended')),
      answer('down', 500, vonage('1030')),
    ],
  },
  'vonage-sms': {
    settings: (baseUrl) => ({ apiKey: 'k', apiSecret: 's', from: 'SIXDIGIT', baseUrl }),
    accepted: answer('taken', 200, {
      'message-count': '1',
      messages: [{ status: '0', 'message-id': 'm' }],
    }),
    badNumbers: [
      answer('invalid', 200, part('3', 'to address is not numeric')),
      answer('an unknown prefix', 200, part('6', 'Unroutable message - rejected')),
      answer('a sender that the country does not take', 200, part('15', 'x')),
      answer('not on the list of a demo', 200, part('29', 'Non-Whitelisted Destination')),
      answer('deactivated', 200, part('33', 'x')),
      answer('a status nobody documents', 200, part('99', 'x')),
    ],
    deadAccounts: [
      answer('wrong credentials', 200, part('4', 'Bad Credentials')),
      answer('barred', 200, part('8', 'x')),
      answer('no credit', 200, part('9', 'Quota Exceeded - rejected')),
      answer('an error of its own', 200, part('5', 'x')),
    ],
  },
};
