import type { OpenAPIObject } from '@nestjs/swagger';
import { problemResponse } from '../common/http/api-problems';
import type { ErrorCode } from '../common/errors';
import { problemKinds } from '../common/problem';
import { bodyExamples } from './examples';
import { OPTIONAL_MARK } from './zod-to-openapi';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;

type MediaTypes = Extract<NonNullable<Operation['requestBody']>, { content: object }>['content'];

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Sort order of a document that is compared as text must not depend on the order of discovery. */
export function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Adds what holds for every route: who may call it, the answers any call may get, a body to try it with. */
export function completeOperations(document: OpenAPIObject): void {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (!operation) continue;
      completeOperation(operation, path, method);
      addExample(operation, bodyExamples[`${method.toUpperCase()} ${path}`]);
    }
  }
}

/** The headings under which there is something. */
export function tagsIn({ paths }: OpenAPIObject): ReadonlySet<string> {
  const operations = Object.values(paths).flatMap((item) => methods.map((method) => item[method]));
  return new Set(operations.flatMap((operation) => operation?.tags ?? []));
}

function addExample({ requestBody }: Operation, example: object | undefined): void {
  const json = requestBody && 'content' in requestBody ? requestBody.content['application/json'] : undefined;
  if (json && example) json.example = example;
}

function completeOperation(operation: Operation, path: string, method: (typeof methods)[number]): void {
  const isPublic = path.startsWith('/health/');
  operation.security = isPublic ? withoutKey(path) : keysFor(path).map((key) => ({ [key]: [] }));
  for (const [status, codes] of codesByStatus(isPublic ? probeCodes(path) : commonCodes(method))) {
    operation.responses[String(status)] ??= problemResponse(codes);
  }
  operation.responses = sorted(operation.responses);
  const { requestBody } = operation;
  if (requestBody && 'content' in requestBody) requestBody.required = !takeOptionalMarks(requestBody.content);
}

/** The probe that tells the operator more. */
const READY = '/health/ready';

/** `{}`: the key may be left out. */
function withoutKey(path: string): NonNullable<Operation['security']> {
  return path === READY ? [{}, { adminKey: [] }] : [];
}

/** Paths of the operator, and those that answer to both kinds of key. */
const operatorPaths = ['/v1/applications', '/v1/prices', '/v1/gateways'];
const sharedPaths = ['/v1/statistics'];

function keysFor(path: string): string[] {
  if (sharedPaths.some((shared) => path.startsWith(shared))) return ['apiKey', 'adminKey'];
  return [operatorPaths.some((own) => path.startsWith(own)) ? 'adminKey' : 'apiKey'];
}

/** Removes the marks that `zodToOpenApi` left, and tells whether there was one. */
function takeOptionalMarks(content: MediaTypes): boolean {
  let found = false;
  for (const media of Object.values(content)) {
    const { [OPTIONAL_MARK]: marked, ...schema } = (media.schema ?? {}) as Record<string, unknown>;
    if (marked !== true) continue;
    media.schema = schema;
    found = true;
  }
  return found;
}

/** What is no HTTP, has headers without end or expects something odd is refused before anybody knows which call it is. */
const always: readonly ErrorCode[] = [
  'invalid_request',
  'payload_too_large',
  'expectation_failed',
  'internal',
  'unavailable',
];

function probeCodes(path: string): readonly ErrorCode[] {
  return path === READY ? ['rate_limited', ...always] : always;
}

/** A body is read where the method may have one, also a DELETE's, which means nothing. */
function commonCodes(method: (typeof methods)[number]): ErrorCode[] {
  const withBody: ErrorCode[] = method === 'get' ? [] : ['unsupported_media_type'];
  return ['unauthorized', 'forbidden', ...withBody, 'rate_limited', ...always];
}

function codesByStatus(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const result = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = problemKinds[code];
    result.set(status, [...(result.get(status) ?? []), code]);
  }
  return result;
}
