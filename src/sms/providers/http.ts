import { z } from 'zod';
import type { HttpRequest, HttpResponse } from '../../common/http/http-client';
import { callGateway, idText, jsonObject, outcomeOfStatus } from '../wire/gateway-answer';
import { defineSmsProvider } from '../sms-provider';
import type { SmsMessage, SmsOutcome } from '../sms-provider';
import { renderTemplate, templateProblem } from '../wire/body-template';

/**
 * Any gateway with an HTTP API. By default `POST {id, to, from, text}` as JSON; every 2xx is accepted, `id` or
 * `messageId` of a JSON answer becomes the reference. With GET, the rendered body is the query.
 * Other answers are judged by status alone, see `gateway-answer.ts`.
 */
const headersSchema = z.string().transform((text, context): Record<string, string> => {
  const parsed = z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string()).safeParse(jsonObject(text));
  if (parsed.success) {
    return Object.fromEntries(
      Object.entries(parsed.data).map(([name, value]) => [name.toLowerCase(), value]),
    );
  }
  context.addIssue('must be a JSON object of texts, e.g. {"x-api-key":"…"}');
  return z.NEVER;
});

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
    headers: headersSchema
      .optional()
      .describe('Further headers as a JSON object; content-type decides how values in BODY are escaped')
      .meta({ secret: true }),
    body: z
      .string()
      .optional()
      .describe('Template with {{id}}, {{to}}, {{toDigits}} (without the plus), {{from}}, {{text}}'),
    from: z.string().min(1).optional().describe('Sender, sent along as `from`'),
    token: z.string().min(1).optional().describe('Sent as Authorization: Bearer').meta({ secret: true }),
  })
  .superRefine((value, context) => {
    const problem = value.body === undefined ? null : templateProblem(value.body, contentTypeOf(value));
    if (problem) context.addIssue({ code: 'custom', path: ['body'], message: problem });
  });
type Config = z.infer<typeof config>;

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const FORM_TEMPLATE = 'id={{id}}&to={{to}}&from={{from}}&text={{text}}';

export default defineSmsProvider({
  name: 'http',
  docs: {
    title: 'Any gateway with an HTTP API',
    verified:
      'Over real sockets against an emulator; what your gateway answers is for you to try with a test text.',
    receipts: 'None yet.',
  },
  config,
  create: (settings, { http }) => {
    const contentType = contentTypeOf(settings);
    const base = { method: settings.method, url: settings.url, headers: headersOf(settings, contentType) };
    return {
      send: (message, signal) => {
        const content = contentOf(settings, contentType, message);
        const request: HttpRequest =
          settings.method === 'GET'
            ? { ...base, query: content, signal }
            : { ...base, body: content, signal };
        return callGateway(http, request, readAnswer);
      },
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

function contentOf({ body, from }: Config, contentType: string, { id, to, text }: SmsMessage): string {
  const template = body ?? (contentType.startsWith(FORM_TYPE) ? FORM_TEMPLATE : undefined);
  if (template === undefined) return JSON.stringify({ id, to, from, text });
  return renderTemplate(template, contentType, { id, to, toDigits: to.slice(1), from: from ?? '', text });
}

function readAnswer({ status, body }: HttpResponse): SmsOutcome {
  const outcome = outcomeOfStatus(status);
  if (outcome.outcome !== 'accepted') return outcome;
  const answer = jsonObject(body);
  return { outcome: 'accepted', reference: idText(answer?.['id']) ?? idText(answer?.['messageId']) };
}
