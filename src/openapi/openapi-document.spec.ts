import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';
import { buildOpenApiFile } from '../../scripts/openapi';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly requestBody?: { readonly required?: boolean };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema?: object }> }>;
}

let text: string;
let document: OpenAPIObject;
let operations: Operation[];

beforeAll(async () => {
  text = await buildOpenApiFile();
  document = JSON.parse(text) as OpenAPIObject;
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ ...(operation as Operation), method, path })),
  );
});

const nameOf = ({ method, path }: Operation): string => `${method.toUpperCase()} ${path}`;

describe('the OpenAPI document of the application', () => {
  it('is made without a database and is the same every time', async () => {
    expect(await buildOpenApiFile()).toBe(text);
  });

  it('has the calls of the native API', () => {
    expect(operations.map(nameOf)).toEqual(
      expect.arrayContaining([
        'POST /v1/verifications',
        'GET /v1/verifications',
        'GET /v1/verifications/{id}',
        'POST /v1/verifications/{id}/checks',
        'POST /v1/verifications/{id}/sends',
        'POST /v1/verifications/{id}/cancel',
        'POST /v1/phone-numbers/validate',
        'POST /v1/recipients/lookup',
        'POST /v1/recipients/unlock',
        'GET /v1/audit/events',
        'GET /v1/sandbox/messages',
        'POST /v1/applications',
        'GET /health/live',
        'GET /health/ready',
      ]),
    );
  });

  it('tells of every call what it is for and under which heading', () => {
    expect(operations.filter(({ summary, tags }) => !summary || !tags?.length).map(nameOf)).toEqual([]);
  });

  it('gives every success a shape, except the one without a body', () => {
    const vague = operations.filter(({ responses }) =>
      Object.entries(responses).some(
        ([status, { content }]) => status.startsWith('2') && status !== '204' && !content,
      ),
    );
    expect(vague.map(nameOf)).toEqual([]);
    expect(
      operations.filter(({ responses }) => !Object.keys(responses).some((s) => s.startsWith('2'))),
    ).toEqual([]);
  });

  it('has its headings in the order of a newcomer, each with a sentence', () => {
    const names = document.tags!.map(({ name }) => name);
    const first = ['Verifications', 'Hosted verifications', 'Sandbox', 'Phone numbers', 'Messages'];
    expect(names.slice(0, 5)).toEqual(first);
    expect(names.at(-1)).toBe('Health');
    expect(new Set(names)).toEqual(new Set(operations.flatMap((operation) => operation.tags ?? [])));
    for (const { description } of document.tags!) expect(description).toMatch(/^[A-Z].{20,}\.$/);
  });

  it('says the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(document.info.version).toBe(version);
  });

  it('has no operation twice', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  // Catches: calls that ask for no body, and refuse one of another type all the same (found by the long fuzz: DELETE).
  it('says of every method that may have a body what becomes of one that is not JSON', () => {
    const silent = operations.filter(({ method, responses }) => method !== 'get' && !('415' in responses));
    expect(silent.map(nameOf)).toEqual([]);
  });

  it('asks for a body only where one is needed', () => {
    const sends = operations.find((operation) => nameOf(operation) === 'POST /v1/verifications/{id}/sends');
    expect(sends?.requestBody?.required ?? false).toBe(false);
    const create = operations.find((operation) => nameOf(operation) === 'POST /v1/verifications');
    expect(create?.requestBody?.required).toBe(true);
  });

  it('shows only numbers that belong to nobody', () => {
    const numbers = text.match(/\+\d[\d ]{6,}\d/g) ?? [];
    const fictitious = /^\+(?:44 ?7700 ?900 ?\d{3}|1 ?\d{3} ?555 ?01\d{2}|1 ?555 ?01\d{2})$/;
    expect(numbers.filter((number) => !fictitious.test(number))).toEqual([]);
  });

  it('has no dangling reference', () => {
    const names = Object.keys(document.components?.schemas ?? {});
    const references = [...text.matchAll(/"\$ref": "([^"]+)"/g)].map((match) => match[1]!);
    expect(references.filter((ref) => !names.includes(ref.replace('#/components/schemas/', '')))).toEqual([]);
  });
});
