import type { OpenAPIObject } from '@nestjs/swagger';
import { edgeApp, type EdgeApp } from '../../support/edge-app';
import { OpenApiMatcher } from '../../support/openapi-match';

let edge: EdgeApp;
beforeAll(async () => {
  edge = await edgeApp();
  await edge.app.init();
});
afterAll(() => edge.app.close());

describe('/openapi.json', () => {
  let document: OpenAPIObject;
  beforeAll(async () => {
    document = (await edge.app.inject({ url: '/openapi.json' })).json();
  });

  it('is OpenAPI 3.1 with requests, queries and answers from the schemas of the controllers', () => {
    expect(document.openapi).toBe('3.1.0');
    const create = document.paths['/v1/things']!.post!;
    expect(create.requestBody).toMatchObject({
      content: {
        'application/json': { schema: { type: 'object', required: ['name'], additionalProperties: false } },
      },
    });
    expect(create.responses['201']).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
    });
    expect(document.paths['/v1/things']!.get!.parameters).toMatchObject([
      { name: 'limit', in: 'query', required: false },
    ]);
    expect(document.paths['/v1/things/{id}']!.get!.parameters).toMatchObject([
      { name: 'id', in: 'path', required: true },
    ]);
  });

  it('documents errors as problems, and who may call', () => {
    const create = document.paths['/v1/things']!.post!;
    expect(Object.keys(create.responses)).toEqual([
      '201',
      '400',
      '401',
      '403',
      '413',
      '415',
      '417',
      '429',
      '500',
      '503',
    ]);
    expect(create.responses['401']).toMatchObject({
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    });
    expect(create.security).toEqual([{ apiKey: [] }]);
  });

  it('has no dangling reference', () => {
    const names = Object.keys(document.components!.schemas!);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!);
    expect(references.filter((ref) => !names.includes(ref.replace('#/components/schemas/', '')))).toEqual([]);
  });

  it('is what the server answers', async () => {
    const matcher = new OpenApiMatcher(document);
    const post = (payload: string) =>
      edge.app.inject({
        method: 'POST',
        url: '/v1/things',
        headers: { 'content-type': 'application/json' },
        payload,
      });
    matcher.expectMatches('post', '/v1/things', 201, (await post('{"name":"box"}')).json());
    matcher.expectMatches('post', '/v1/things', 400, (await post('{')).json());
    expect(() => matcher.expectMatches('post', '/v1/things', 201, { id: 1 })).toThrow(/must be string/);
    expect(() => matcher.expectMatches('post', '/v1/things', 201, { id: '1', name: 'a', more: 1 })).toThrow(
      /additional/,
    );
    expect(() => matcher.expectMatches('post', '/v1/things', 409, {})).toThrow('not documented');
  });
});

describe('/docs', () => {
  it('is a page that loads only from this server, under a policy that allows just that', async () => {
    const page = await edge.app.inject({ url: '/docs' });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    const assets = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(assets.filter((asset) => /^(https?:)?\/\//.test(asset))).toEqual([]);
    expect(page.body).not.toMatch(/<script(?![^>]*src=)/);
    for (const asset of assets) {
      const answer = await edge.app.inject({ url: new URL(asset, 'http://x/docs').pathname });
      expect({ asset, status: answer.statusCode }).toEqual({ asset, status: 200 });
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('does not hand out other files', async () => {
    for (const url of ['/docs/../package.json', '/docs/%2e%2e/package.json', '/docs/nothing.js']) {
      expect((await edge.app.inject({ url })).statusCode).toBeGreaterThanOrEqual(400);
    }
  });
});
