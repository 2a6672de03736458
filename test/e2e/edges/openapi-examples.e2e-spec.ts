import type { OpenAPIObject } from '@nestjs/swagger';
import { ADMIN_KEY, newNumber, useEngine, wordFor, type Answer, type Tenant } from '../../support/engine';
import { OpenApiMatcher } from '../../support/openapi-match';

const engine = useEngine({ processes: 1, env: { SMS_ROUTES: '*:console' } });

const methods = ['post', 'put', 'patch', 'delete', 'get'] as const;

interface Body {
  readonly method: (typeof methods)[number];
  readonly path: string;
  readonly type: string;
  readonly example: unknown;
  readonly isAdmin: boolean;
}

/** Each way to send a body that the document knows. */
function bodiesOf({ paths }: OpenAPIObject): Body[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const { requestBody, security = [] } = item[method] ?? {};
      if (!requestBody || !('content' in requestBody)) return [];
      const isAdmin = security.some((one) => 'adminKey' in one);
      return Object.entries(requestBody.content).map(([type, media]) => {
        return { method, path, type, isAdmin, example: media.example as unknown };
      });
    }),
  );
}

const answerTo = async (body: Body, tenant: Tenant, id: string): Promise<Answer> => {
  const ids: Record<string, string> = { applicationId: tenant.id, name: 'console' };
  const ofApplication = body.path.startsWith('/v1/applications');
  const path = body.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === 'id' ? (ofApplication ? tenant.id : id) : (ids[name] ?? ''),
  );
  const text = typeof body.example === 'string' ? body.example : JSON.stringify(body.example);
  const response = await fetch(engine.apps[0]!.url + path, {
    method: body.method.toUpperCase(),
    headers: {
      authorization: `Bearer ${body.isAdmin ? ADMIN_KEY : tenant.key}`,
      'content-type': body.type,
    },
    body: text,
  });
  const answer = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text: answer,
    // A preview is a page.
    body: /^[{[]/.test(answer) ? (JSON.parse(answer) as Record<string, unknown>) : {},
  };
};

/** Catches: a call without an example, and one whose example a tool fills in with words for numbers. */
describe('the example of every body in the document', () => {
  it('is what the document allows, and can be sent as it stands', async () => {
    const response = await engine.call('GET /openapi.json', null);
    const document = JSON.parse(response.text) as OpenAPIObject;
    const matcher = new OpenApiMatcher(document);
    const bodies = bodiesOf(document);
    expect(bodies.length).toBeGreaterThan(13);
    const tenant = await engine.tenant({ hosted: { returnUrls: ['https://shop.example.com/verified'] } });
    const answers: Record<string, string> = {};
    for (const body of bodies) {
      const name = `${body.method.toUpperCase()} ${body.path} ${body.type}`;
      if (body.type === 'image/png') continue; // No text stands for a picture.
      expect({ name, hasExample: body.example !== undefined }).toEqual({ name, hasExample: true });
      if (body.type === 'application/json') {
        const isAllowed = matcher.acceptsBody(body.method, body.path, body.example);
        expect({ name, isAllowed }).toEqual({ name, isAllowed: true });
      }
      const started = await tenant.create({ to: newNumber() });
      answers[name] = wordFor(await answerTo(body, tenant, String(started.body['id'])));
    }
    expect(answers).toEqual({
      'POST /v1/blocks application/json': '201',
      'POST /v1/blocks/lookup application/json': '200',
      'POST /v1/checks application/json': '200',
      'POST /v1/decisions/preview application/json': '200',
      'POST /v1/applications application/json': '201',
      'POST /v1/applications/{applicationId}/keys application/json': '201',
      'PATCH /v1/applications/{id} application/json': '200',
      'POST /v1/gateways/{name}/test application/json': '200',
      'POST /v1/hosted-verifications application/json': '201',
      // Understood, and of no process that there is.
      'POST /v1/hosted-verifications/{id}/redeem application/json': '404 hosted_verification_not_found',
      'POST /v1/messages/preview application/json': '200',
      'POST /v1/hosted-verifications/preview application/json': '200',
      'POST /v1/phone-numbers/validate application/json': '200',
      'PUT /v1/prices application/json': '200',
      'PUT /v1/prices text/csv': '200',
      // Only a gateway that is routed has a list; the sandbox has none.
      'POST /v1/prices/download application/json': '400 invalid_request',
      'POST /v1/recipients/lookup application/json': '200',
      'POST /v1/recipients/unlock application/json': '204',
      'POST /v1/verifications application/json': '201',
      'POST /v1/verifications/{id}/cancel application/json': '200',
      'POST /v1/verifications/{id}/checks application/json': '200',
      // Understood, and refused by the cool-down: the verification has just been sent.
      'POST /v1/verifications/{id}/sends application/json': '429 resend_too_soon',
    });
  });
});
