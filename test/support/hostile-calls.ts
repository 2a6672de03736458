import type { OpenAPIObject } from '@nestjs/swagger';
import { type Answer, type Installation, type Tenant, toAnswer } from './engine';
import { OpenApiMatcher } from './openapi-match';
import { type Operation, operationsOf } from './operations';
import { wholeBodies } from './whole-bodies';

const AT_ONCE = 8;

/** Calls every operation of an installation with whatever bytes, and looks at each answer. */
export class HostileCalls {
  readonly matcher: OpenApiMatcher;

  private constructor(
    private readonly engine: Installation,
    private readonly tenant: Tenant,
    /** What stands in the place of `{id}` and its like. */
    private readonly ids: Readonly<Record<string, string>>,
    private readonly document: OpenAPIObject,
  ) {
    this.matcher = new OpenApiMatcher(document);
  }

  /** @param id of a verification of the tenant */
  static async of(engine: Installation, tenant: Tenant, id: string): Promise<HostileCalls> {
    const victim = await engine.tenant();
    const ids = { id, applicationId: victim.id, keyId: 'AAAAAAAAAAAAAAAAAAAAAA', name: 'http' };
    const { body } = await engine.call('GET /openapi.json', null);
    return new HostileCalls(engine, tenant, ids, body as unknown as OpenAPIObject);
  }

  operations(): Operation[] {
    return operationsOf(this.document);
  }

  withBodies(): Operation[] {
    return this.operations().filter(({ hasBody }) => hasBody);
  }

  pathOf(operation: Operation, values = this.ids): string {
    const { template } = operation;
    const own = template.startsWith('/v1/applications')
      ? { ...values, id: values['applicationId']! }
      : values;
    return template.replace(/\{(\w+)\}/g, (_, name: string) => own[name]!);
  }

  /** Sends bytes as they are; nothing may be 500, undocumented, or without the headers of every answer. */
  async send(operation: Operation, path: string, init: RequestInit = {}): Promise<Answer> {
    const authorization = `Bearer ${operation.isAdmin ? this.engine.adminKey : this.tenant.key}`;
    const type: Record<string, string> =
      init.body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization, ...type, ...(init.headers as Record<string, string> | undefined) };
    const method = operation.method.toUpperCase();
    const answer = await toAnswer(await fetch(this.engine.apps[0]!.url + path, { ...init, method, headers }));
    const { status } = answer;
    expect({ path, sent: init.body, ok: status < 500 }).toEqual({ path, sent: init.body, ok: true });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-request-id')).toBeTruthy();
    if (status >= 400) expectProblem(answer);
    if (status !== 405)
      this.matcher.expectMatches(operation.method, operation.template, status, contentOf(answer));
    return answer;
  }
}

/** What is described: JSON as its value, a page as its text. */
function contentOf({ headers, text, body }: Answer): unknown {
  return (headers.get('content-type') ?? '').includes('json') ? body : text;
}

export const fullBodies = ({ method, template }: Operation, to: string): readonly object[] =>
  wholeBodies(`${method} ${template}`, to);

export function expectProblem({ status, headers, body }: Answer): void {
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({ status, type: `urn:sixdigit:problem:${String(body['code'])}` });
  expect(body['requestId']).toBe(headers.get('x-request-id'));
}

/** Whether an answer is 400 and names the field or a container of it. */
export function namesField({ status, body }: Answer, field: string): boolean {
  const errors = (body['errors'] ?? []) as { path: string }[];
  const related = (path: string): boolean =>
    path === field || path.startsWith(`${field}.`) || field.startsWith(`${path}.`);
  return status === 400 && errors.some(({ path }) => related(path));
}

/** In parallel, because most of the time is waiting. */
export async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
