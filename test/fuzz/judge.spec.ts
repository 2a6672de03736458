import type { OpenAPIObject } from '@nestjs/swagger';
import { OpenApiMatcher } from '../support/openapi-match';
import { operationsOf } from '../support/operations';
import { type FuzzAnswer, faultOf } from './judge';
import type { FuzzRequest } from './requests';

const shape = (properties: object) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const refusal = {
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};
const document = {
  openapi: '3.1.0',
  paths: {
    '/things/{id}': {
      get: {
        responses: {
          200: { content: { 'application/json': { schema: shape({ id: { type: 'string' } }) } } },
          404: refusal,
          500: refusal,
          503: refusal,
        },
      },
    },
  },
  components: {
    schemas: {
      Problem: shape({
        status: { type: 'integer' },
        code: { type: 'string' },
        requestId: { type: 'string' },
      }),
    },
  },
} as unknown as OpenAPIObject;

const [operation = null] = operationsOf(document);
const read: FuzzRequest = { operation, method: 'GET', path: '/things/a', headers: {} };
const stray: FuzzRequest = { ...read, operation: null, path: '/nothing' };

const answer = (status: number, body: object, headers: FuzzAnswer['headers'] = {}): FuzzAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  text: JSON.stringify(body),
});
const problem = (status: number, more: object = {}, headers: FuzzAnswer['headers'] = {}): FuzzAnswer =>
  answer(
    status,
    { status, code: 'not_found', requestId: 'r1', ...more },
    {
      'content-type': 'application/problem+json',
      'x-request-id': 'r1',
      'cache-control': 'no-store',
      ...headers,
    },
  );

const faultIn = (request: FuzzRequest, given: FuzzAnswer): string | null =>
  faultOf(new OpenApiMatcher(document), request, given, ['the key']);

describe('an answer to a fuzzed request', () => {
  it.each<[string, FuzzRequest, FuzzAnswer]>([
    ['what was asked for', read, answer(200, { id: 'a' })],
    ['a refusal that is described', read, problem(404)],
    ['that the service is not there now', read, problem(503)],
    ['that there is nothing', stray, problem(405)],
  ])('may be %s', (_, request, given) => {
    expect(faultIn(request, given)).toBeNull();
  });

  it.each<[string, FuzzRequest, FuzzAnswer]>([
    ['500, though it is described', read, problem(500)],
    ['502', read, problem(502)],
    ['a status that is not described', read, problem(409)],
    ['a field that is not described', read, answer(200, { id: 'a', more: 1 })],
    ['without a field that is described', read, answer(200, {})],
    ['with a key in it', read, answer(200, { id: 'has the key in it' })],
    ['a refusal as plain JSON', read, problem(404, {}, { 'content-type': 'application/json' })],
    ['a refusal that may be cached', read, problem(404, {}, { 'cache-control': undefined })],
    ['a refusal with another status in it', read, problem(404, { status: 400 })],
    ['a refusal of another request', read, problem(404, { requestId: 'r2' })],
    ['a refusal of another shape where nothing is', stray, problem(404, { more: 1 })],
    ['text that says to be JSON', read, { ...answer(200, {}), text: '{' }],
  ])('may not be %s', (_, request, given) => {
    expect(faultIn(request, given)).toEqual(expect.any(String));
  });
});
