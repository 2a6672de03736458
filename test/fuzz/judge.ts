import type { OpenApiMatcher } from '../support/openapi-match';
import type { FuzzRequest } from './requests';

export interface FuzzAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/**
 * What is wrong with an answer; null: nothing. The document names the status 500 for every call, and no call may
 * ever be answered with it: 503 is the one failure of ours that a caller may see.
 * @param secrets that no answer may hold
 */
export function faultOf(
  matcher: OpenApiMatcher,
  request: FuzzRequest,
  answer: FuzzAnswer,
  secrets: readonly string[],
): string | null {
  const { status, text } = answer;
  if (status >= 500 && status !== 503) return `${status}: ${text.slice(0, 500)}`;
  if (secrets.some((secret) => text.includes(secret))) return 'the answer holds a key';
  try {
    const body = isJson(answer) && text !== '' ? (JSON.parse(text) as unknown) : text;
    if (status >= 400) expectProblem(answer, body as Readonly<Record<string, unknown>>);
    expectDescribed(matcher, request, status, body);
    return null;
  } catch (error) {
    return `${status}: ${(error as Error).message} ${text.slice(0, 500)}`;
  }
}

function expectDescribed(
  matcher: OpenApiMatcher,
  { operation, method }: FuzzRequest,
  status: number,
  body: unknown,
): void {
  if (operation) return matcher.expectMatches(operation.method, operation.template, status, body);
  // What the document does not name is refused, but for the words of HTTP that ask for no content.
  if (status >= 400) matcher.expectIs('Problem', body);
  else if (method !== 'OPTIONS' && method !== 'GET') throw new Error('an answer that nothing describes');
}

function expectProblem({ status, headers }: FuzzAnswer, body: Readonly<Record<string, unknown>>): void {
  const type = headers['content-type'] ?? 'none';
  if (!type.startsWith('application/problem+json')) throw new Error(`a refusal as ${type}`);
  if (body['status'] !== status) throw new Error('another status in the body');
  if (body['requestId'] !== headers['x-request-id']) throw new Error('another request id in the body');
  if (headers['cache-control'] !== 'no-store') throw new Error('a refusal that may be cached');
}

const isJson = ({ headers }: FuzzAnswer): boolean => (headers['content-type'] ?? '').includes('json');
