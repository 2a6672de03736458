import { z } from 'zod';
import type { HttpRequest, HttpResponse } from '../../common/outbound/http-client';
import { hasField, renderTemplate, templateProblem } from '../protocols/body-template';
import { callGateway } from '../protocols/gateway-answer';
import { judge, referenceIn } from '../protocols/rules/answer-rule';
import { answerSettings } from '../protocols/rules/answer-settings';
import { proofOf, readByRule } from '../protocols/rules/receipt-rule';
import type { ReceiptRule } from '../protocols/rules/receipt-rule';
import { headerNameSetting, headersSetting, pathSetting, wordsSetting } from '../protocols/rules/settings';
import { allowedSendersSetting, sendersFor, sendersSetting, type WithSenders } from '../protocols/senders';
import { defineGateway } from '../gateway';
import type { SmsMessage, SmsOutcome } from '../gateway';
import { validityField, validSeconds } from '../validity';

/**
 * Any gateway with an HTTP API. By default `POST {id, to, from, text}` as JSON; every 2xx is accepted, `id` or
 * `messageId` of a JSON answer becomes the reference. With GET, the rendered body is the query.
 * What else an answer has to say is set as well, see `answer-rule.ts`; else it is judged by status alone.
 */
const config = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), 'must not hold credentials; use TOKEN or HEADERS')
      .describe('Address that takes the texts'),
    method: z
      .enum(['POST', 'PUT', 'GET'])
      .default('POST')
      .describe('POST, PUT, or GET: then BODY is the query'),
    headers: headersSetting
      .optional()
      .describe('Further headers as a JSON object; content-type decides how values in BODY are escaped')
      .meta({ secret: true }),
    body: z
      .string()
      .optional()
      .describe(
        'Template with {{id}}, {{to}}, {{toDigits}} (without the plus), {{from}}, {{text}}, ' +
          '{{receiptUrl}} (empty where no receipt can reach us), {{clientReference}}, {{validitySeconds}} (what the ' +
          'code has left to live)',
      ),
    from: sendersSetting(/./, 'must not be empty').optional().describe('Sender, sent along as `from`'),
    allowedSenders: allowedSendersSetting(),
    token: z.string().min(1).optional().describe('Sent as Authorization: Bearer').meta({ secret: true }),
    ...answerSettings,
    receiptStatePath: pathSetting
      .optional()
      .describe(
        'Where a receipt (query, form or JSON) says what became of the text; without it, none are read',
      ),
    receiptDelivered: wordsSetting.optional().describe('Values there that mean delivered'),
    receiptUndelivered: wordsSetting.optional().describe('Values there that mean not delivered, for good'),
    receiptSent: wordsSetting.optional().describe('Values there that mean on its way'),
    receiptReferencePath: pathSetting
      .optional()
      .describe('Where a receipt names the message as the answer did; not needed with {{receiptUrl}}'),
    receiptClientReferencePath: pathSetting
      .optional()
      .describe('Where a receipt repeats {{clientReference}}; not needed with {{receiptUrl}}'),
    receiptListPath: pathSetting
      .optional()
      .describe('Where in a JSON body the list of receipts stands, when it is not the body itself'),
    receiptSecret: z
      .string()
      .min(16, 'must have at least 16 characters')
      .optional()
      .describe('What receipts prove themselves with; needs one of the two headers')
      .meta({ secret: true }),
    receiptHeader: headerNameSetting
      .optional()
      .describe('Header of a receipt that holds RECEIPT_SECRET itself'),
    receiptSignatureHeader: headerNameSetting
      .optional()
      .describe(
        'Header of a receipt that holds the HMAC-SHA256 of its body under RECEIPT_SECRET, hex or base64',
      ),
  })
  .superRefine((value, context) => {
    const template = value.body === undefined ? null : templateProblem(value.body, contentTypeOf(value));
    if (template) context.addIssue({ code: 'custom', path: ['body'], message: template });
    const rule = template ? undefined : RULES.find(([isBroken]) => isBroken(value));
    if (rule) context.addIssue({ code: 'custom', path: [rule[1]], message: rule[2] });
  });
type Config = z.infer<typeof config>;
const SENDERS = { sms: 'from' } as const;

/** Settings that need others: when it is so, which one is wrong, and the remedy. */
const RULES: readonly (readonly [(value: Config) => boolean, keyof Config, string])[] = [
  [(to) => Boolean(to.successValue && !to.successPath), 'successPath', 'goes with SUCCESS_VALUE'],
  [(to) => Boolean(to.successPath && !to.successValue), 'successValue', 'goes with SUCCESS_PATH'],
  [(to) => Boolean(to.successPattern && to.successPath), 'successPattern', 'takes the place of SUCCESS_PATH'],
  [
    (to) => Boolean(to.referencePattern && to.referencePath),
    'referencePattern',
    'takes the place of REFERENCE_PATH',
  ],
  [
    (to) => !to.receiptStatePath && Object.keys(to).some((key) => key.startsWith('receipt')),
    'receiptStatePath',
    'is needed to read receipts',
  ],
  [
    (to) => Boolean(to.receiptStatePath && !to.receiptDelivered),
    'receiptDelivered',
    'is needed to read receipts',
  ],
  [
    (to) =>
      Boolean(to.receiptStatePath && !to.receiptReferencePath && !to.receiptClientReferencePath) &&
      !hasField(to.body ?? '', 'receiptUrl'),
    'receiptStatePath',
    'needs {{receiptUrl}} in BODY, RECEIPT_REFERENCE_PATH or RECEIPT_CLIENT_REFERENCE_PATH',
  ],
  [
    (to) => Boolean(to.receiptClientReferencePath && !hasField(to.body ?? '', 'clientReference')),
    'receiptClientReferencePath',
    'needs {{clientReference}} in BODY',
  ],
  [
    (to) => Boolean((to.receiptHeader ?? to.receiptSignatureHeader) && !to.receiptSecret),
    'receiptSecret',
    'goes with the header',
  ],
  [
    (to) => Boolean(to.receiptSecret) && Boolean(to.receiptHeader) === Boolean(to.receiptSignatureHeader),
    'receiptSecret',
    'needs one of RECEIPT_HEADER and RECEIPT_SIGNATURE_HEADER',
  ],
];

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const FORM_TEMPLATE = 'id={{id}}&to={{to}}&from={{from}}&text={{text}}';

const VALIDITY = validityField('{{validitySeconds}}', 1, 2_592_000);

export default defineGateway({
  name: 'http',
  validity: { sms: VALIDITY },
  docs: {
    title: 'Any gateway with an HTTP API',
    verified:
      'Over real sockets against an emulator; what your gateway answers is for you to try with a test text. Where it ' +
      'answers in plain text, set `SUCCESS_PATTERN`: whatever does not match, such as a page of HTML, is a refusal then. ' +
      'Patterns are those of RE2 (no look-around, no back references), and are tried on the first 4,096 characters.',
    receipts:
      'Set `RECEIPT_STATE_PATH` and the values that mean delivered. Best put `{{receiptUrl}}` into `BODY`: each text ' +
      'then carries its own address. Otherwise give the gateway’s one address to your vendor, and say where a receipt ' +
      'repeats `{{clientReference}}` or names the message. Paths are names and indexes (`results[0].status`); in a ' +
      'query or form, the name of a parameter. Besides the secret in the address, a receipt may have to show ' +
      '`RECEIPT_SECRET` in a header, or an HMAC of its body.',
  },
  config,
  senders: SENDERS,
  create: (settings, { http }) => {
    const contentType = contentTypeOf(settings);
    const base = { method: settings.method, url: settings.url, headers: headersOf(settings, contentType) };
    const rule = receiptRuleOf(settings);
    return {
      send: (message, signal) => {
        const content = contentOf(sendersFor(settings, SENDERS, message), contentType, message);
        const request: HttpRequest =
          settings.method === 'GET'
            ? { ...base, query: content, signal }
            : { ...base, body: content, signal };
        return callGateway(http, request, (response) => readAnswer(settings, response));
      },
      ...(rule && { readReceipts: (request) => readByRule(rule, request) }),
    };
  },
});

function contentTypeOf({ method, headers }: Pick<Config, 'method' | 'headers'>): string {
  if (method === 'GET') return FORM_TYPE;
  return headers?.['content-type'] ?? JSON_TYPE;
}

function headersOf({ method, headers, token }: Config, contentType: string): Record<string, string> {
  return {
    ...(method === 'GET' ? {} : { 'content-type': contentType }),
    ...headers,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}

function contentOf(
  { body, from }: WithSenders<Config, 'from'>,
  contentType: string,
  message: SmsMessage,
): string {
  const { id, to, text, clientReference } = message;
  const template = body ?? (contentType.startsWith(FORM_TYPE) ? FORM_TEMPLATE : undefined);
  if (template === undefined) return JSON.stringify({ id, to, from, text });
  const receiptUrl = message.receiptUrl ?? '';
  const validitySeconds = String(validSeconds(message, VALIDITY));
  const common = { id, to, toDigits: to.slice(1), text, clientReference, receiptUrl };
  const values = { ...common, from: from ?? '', validitySeconds };
  return renderTemplate(template, contentType, values);
}

function readAnswer(settings: Config, response: HttpResponse): SmsOutcome {
  const outcome = judge(settings, response);
  if (outcome.outcome !== 'accepted') return outcome;
  const reference = referenceIn(settings, response.body);
  const isRemembered = reference !== undefined && findsByReferenceAlone(settings);
  return { outcome: 'accepted', reference, ...(isRemembered && { receiptReferences: [reference] }) };
}

/** Nothing of ours comes back with a receipt, so the vendor's id has to be remembered. */
function findsByReferenceAlone({
  body = '',
  receiptReferencePath,
  receiptClientReferencePath,
}: Config): boolean {
  return Boolean(receiptReferencePath && !receiptClientReferencePath && !hasField(body, 'receiptUrl'));
}

function receiptRuleOf(settings: Config): ReceiptRule | null {
  const { receiptStatePath: state, receiptDelivered: delivered } = settings;
  if (!state || !delivered) return null;
  return {
    state,
    list: settings.receiptListPath ?? null,
    reference: settings.receiptReferencePath ?? null,
    clientReference: settings.receiptClientReferencePath ?? null,
    words: { delivered, undelivered: settings.receiptUndelivered ?? [], sent: settings.receiptSent ?? [] },
    proof: proofOf(settings),
  };
}
