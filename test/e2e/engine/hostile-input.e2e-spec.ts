import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';
import {
  ADMIN_KEY,
  type Answer,
  type Started,
  type Tenant,
  toAnswer,
  until,
  useEngine,
  wrongCode,
} from '../../support/engine';
import {
  hostileStrings,
  hostileValues,
  oddStrings,
  placesIn,
  withRepeatedKey,
  withValue,
} from '../../support/hostile';
import { OpenApiMatcher } from '../../support/openapi-match';

const SEED = 20_261_123;
const AT_ONCE = 8;
const engine = useEngine({ processes: 1, env: { SMS_ROUTES: 'FR:console;*:http' } });

let tenant: Tenant;
let started: Started;
let document: OpenAPIObject;
let matcher: OpenApiMatcher;
/** What stands in the place of `{id}` and its like. */
let ids: Record<string, string>;

beforeAll(async () => {
  // A pending verification that no create can join or replace: what gets through the validation is seen at once.
  tenant = await engine.tenant({ policy: { whenPending: 'reject', maxChecks: 10 } });
  started = await tenant.start();
  await tenant.check(started.id, wrongCode(started.code));
  const victim = await engine.tenant();
  ids = { id: started.id, applicationId: victim.id, keyId: 'AAAAAAAAAAAAAAAAAAAAAA' };
  document = (await engine.call('GET /openapi.json', null)).body as unknown as OpenAPIObject;
  matcher = new OpenApiMatcher(document);
  // What the drain still moves is no effect of an attack.
  const undrained = { 'pendingAudit.0': { $exists: true } };
  await until(async () => (await engine.db.collection('slots').countDocuments(undrained)) === 0);
});

type Method = 'get' | 'post' | 'patch' | 'delete';

interface Operation {
  readonly method: Method;
  readonly template: string;
  readonly query: readonly string[];
  readonly hasBody: boolean;
}

function operations(): Operation[] {
  return Object.entries(document.paths).flatMap(([template, item]) =>
    (['get', 'post', 'patch', 'delete'] as const)
      .filter((method) => item[method])
      .map((method) => ({
        method,
        template,
        query: (item[method]!.parameters ?? []).flatMap((one) =>
          'in' in one && one.in === 'query' ? [one.name] : [],
        ),
        hasBody: item[method]!.requestBody !== undefined,
      })),
  );
}

/** A body with every field of a call, right in itself. A call that is missing here fails the first test. */
function fullBody({ method, template }: Operation): object {
  const transaction = { amount: '49.90', currency: 'EUR', payee: 'Shop' };
  const policy = { codeLength: 6, ttlSeconds: 60, maxChecks: 3, whenPending: 'resend', cooldownSeconds: 5 };
  const wholePolicy = { ...policy, codeAlphabet: 'numeric', sends: { max: 3, windowSeconds: 60 } };
  const settings = {
    brand: 'Shop',
    locale: 'es',
    contact: 'help@example.com',
    allowedCountries: ['ES'],
    allowedNumberTypes: ['mobile'],
    routes: '*:http',
    webOtpDomain: 'example.com',
    appHash: 'FA+9qCX9VSu',
    disabled: false,
    policy: wholePolicy,
    purposes: { login: wholePolicy },
  };
  const bodies: Record<string, object> = {
    'post /v1/verifications': {
      to: started.to,
      country: 'ES',
      purpose: 'default',
      channel: 'sms',
      locale: 'es',
      clientIp: '192.0.2.1',
      codeLength: 6,
      ttlSeconds: 60,
      transaction,
      metadata: { plan: 'gold' },
      appHash: 'FA+9qCX9VSu',
      webOtpDomain: 'example.com',
    },
    'post /v1/verifications/{id}/checks': { code: '12 34 56', transaction },
    'post /v1/verifications/{id}/sends': { channel: 'sms', locale: 'es' },
    'post /v1/verifications/{id}/cancel': {},
    'post /v1/phone-numbers/validate': { number: started.to, country: 'ES' },
    'post /v1/recipients/lookup': { to: started.to, purpose: 'login' },
    'post /v1/recipients/unlock': { to: started.to, purpose: 'login' },
    'post /v1/applications': { name: 'Shop', settings },
    'patch /v1/applications/{id}': { name: 'Shop', settings },
    'post /v1/applications/{applicationId}/keys': {
      name: 'Backend',
      scopes: ['audit:read'],
      expiresAt: '2099-01-31T12:00:00Z',
      allowedIps: ['192.0.2.1'],
    },
  };
  const body = bodies[`${method} ${template}`];
  if (!body) throw new Error(`${method} ${template} takes a body: add one here`);
  return body;
}

const isAdmin = ({ template }: Operation): boolean => template.startsWith('/v1/applications');

function pathOf(operation: Operation, values: Record<string, string> = ids): string {
  const own = isAdmin(operation) ? { ...values, id: values['applicationId']! } : values;
  return operation.template.replace(/\{(\w+)\}/g, (_, name: string) => own[name]!);
}

/** Sends bytes as they are; nothing may be 500, undocumented, or without the headers of every answer. */
async function send(operation: Operation, path: string, init: RequestInit = {}): Promise<Answer> {
  const authorization = `Bearer ${isAdmin(operation) ? ADMIN_KEY : tenant.key}`;
  const type: Record<string, string> = init.body === undefined ? {} : { 'content-type': 'application/json' };
  const headers = { authorization, ...type, ...(init.headers as Record<string, string> | undefined) };
  const method = operation.method.toUpperCase();
  const answer = await toAnswer(await fetch(engine.apps[0]!.url + path, { ...init, method, headers }));
  const { status, body } = answer;
  expect({ path, sent: init.body, ok: status < 500 }).toEqual({ path, sent: init.body, ok: true });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('x-request-id')).toBeTruthy();
  if (status >= 400) expectProblem(answer);
  if (status !== 405)
    matcher.expectMatches(operation.method, operation.template, status, answer.text && body);
  return answer;
}

function expectProblem({ status, headers, body }: Answer): void {
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({ status, type: `urn:sixdigit:problem:${String(body['code'])}` });
  expect(body['requestId']).toBe(headers.get('x-request-id'));
}

/** In parallel, because most of the time is waiting. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Everything that a guess, a send or a create could have changed. */
async function state(): Promise<unknown> {
  const collections = ['slots', 'verifications', 'idempotency_records'];
  const all = await Promise.all(
    collections.map((name) => engine.db.collection(name).find().sort({ _id: 1 }).toArray()),
  );
  const applications = await engine.db
    .collection('applications')
    .find({ _id: tenant.id as never })
    .toArray();
  return { all, applications, texts: engine.sink.messages.length };
}

interface Attack {
  readonly operation: Operation;
  /** The field, as the answer has to name it; a container of it is right as well. */
  readonly field: string;
  readonly bytes: string;
}

function namesField({ status, body }: Answer, field: string): boolean {
  const errors = (body['errors'] ?? []) as { path: string }[];
  const related = (path: string): boolean =>
    path === field || path.startsWith(`${field}.`) || field.startsWith(`${path}.`);
  return status === 400 && errors.some(({ path }) => related(path));
}

const withBodies = (): Operation[] => operations().filter(({ hasBody }) => hasBody);

/** A text that is to be validated is the one field where everything that is a text has an answer: not valid. */
const takesAnyText = ({ template }: Operation, field: string): boolean =>
  template === '/v1/phone-numbers/validate' && field === 'number';

function fieldAttacks(operation: Operation): Attack[] {
  const body = fullBody(operation);
  return placesIn(body).flatMap((place) => {
    const field = place.join('.');
    const strings = takesAnyText(operation, field) ? [] : hostileStrings;
    const values = [...hostileValues, ...strings].map((value) => ({
      value,
      body: withValue(body, place, value),
    }));
    const wrong = values.filter(
      ({ value, body: sent }) =>
        typeof value === 'string' || !matcher.acceptsBody(operation.method, operation.template, sent),
    );
    return wrong.map(({ body: sent }) => ({ operation, field, bytes: JSON.stringify(sent) }));
  });
}

function keyAttacks(operation: Operation): Attack[] {
  const body = fullBody(operation);
  const withoutEnd = JSON.stringify(body).replace(/\}$/, Object.keys(body).length > 0 ? ',' : '');
  const repeated = placesIn(body)
    .filter((place) => typeof place.at(-1) === 'string')
    .map((place) => ({ operation, field: place.join('.'), bytes: withRepeatedKey(body, place) }));
  const extra = ['$where', '$ne', 'code2', '__proto__', 'constructor', 'to[$ne]', 'to.$ne', '\u0000'].map(
    (key) => ({
      operation,
      field: key.replace('\u0000', '\ufffd'),
      bytes: `${withoutEnd}${JSON.stringify(key)}:{"$ne":null}}`,
    }),
  );
  return [...repeated, ...extra];
}

describe('a field of a body', () => {
  // Catches: a schema that coerces, strips or lets an object through; a parser that takes the last of two keys.
  it('of the wrong kind, or given twice, is 400 and named, for every field of every call; nothing moves', async () => {
    const attacks = withBodies().flatMap((operation) => [
      ...fieldAttacks(operation),
      ...keyAttacks(operation),
    ]);
    expect(attacks.length).toBeGreaterThan(1_500);
    const before = await state();
    await inTurns(attacks, async ({ operation, field, bytes }) => {
      const answer = await send(operation, pathOf(operation), { body: bytes });
      const sent = `${operation.method} ${operation.template} ${bytes.slice(0, 300)}`;
      expect({ sent, field, answer: answer.text, named: namesField(answer, field) }).toMatchObject({
        named: true,
      });
    });
    expect(await state()).toEqual(before);
  }, 90_000);

  it('with any JSON at all in its place never breaks a call', async () => {
    const targets = withBodies().flatMap((operation) =>
      placesIn(fullBody(operation)).map((place) => ({ operation, place })),
    );
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom(...oddStrings),
      fc.string({ unit: 'binary' }),
    );
    const attack = fc.record({ target: fc.constantFrom(...targets), value });
    const samples = fc.sample(attack, { numRuns: 600, seed: SEED });
    await inTurns(samples, ({ target: { operation, place }, value: odd }) =>
      send(operation, pathOf(operation), {
        body: JSON.stringify(withValue(fullBody(operation), place, odd)),
      }),
    );
    expect(engine.apps[0]!.stdout).not.toMatch(/"level":"(error|fatal)"/);
  }, 60_000);
});

describe('a body as a whole', () => {
  const bodies: [string, string | Uint8Array<ArrayBuffer>][] = [
    ['that ends early', '{"to":'],
    ['of nothing but an opening', '{'],
    ['that is a list', '[{"to":"+34600000001"},{"code":"123456"}]'],
    ['that is a text', '"to"'],
    ['that is null', 'null'],
    ['with a comment', '{/* */}'],
    ['with a key without quotes', '{to:1}'],
    ['with NaN', '{"to":NaN}'],
    ['nested without end', `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`],
    ['of lists without end', `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    ['in broken UTF-8', Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['with a byte-order mark', '\ufeff{}'],
  ];

  // Two guards stand here, the parser and the schemas: each alone refuses a list of guesses in one request.
  it.each(bodies)('%s is 400', async (_what, body) => {
    for (const operation of withBodies()) {
      const answer = await send(operation, pathOf(operation), { body });
      expect([operation.template, answer.status, answer.body['code']]).toEqual([
        operation.template,
        400,
        'invalid_request',
      ]);
    }
  });

  it('that is too large is 413, in another format 415, whatever the route', async () => {
    const large = JSON.stringify({ to: 'x'.repeat(17 * 1024) });
    for (const operation of withBodies()) {
      const path = pathOf(operation);
      expect((await send(operation, path, { body: large })).status).toBe(413);
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/bson',
      ]) {
        const answer = await send(operation, path, { body: 'to[$ne]=1', headers: { 'content-type': type } });
        expect([operation.template, type, answer.status]).toEqual([operation.template, type, 415]);
      }
    }
  });
});

describe('a query', () => {
  // Catches: a parser that makes objects of brackets.
  it('with operators, lists, unknown or repeated names is 400 and named, for every parameter', async () => {
    const before = await state();
    for (const operation of operations().filter(({ query }) => query.length > 0)) {
      const path = pathOf(operation);
      for (const name of [...operation.query, '$where', '__proto__', 'constructor', 'password']) {
        const known = operation.query.includes(name);
        const queries: [string, string][] = [
          [`${name}[$ne]=1`, `${name}[$ne]`],
          [`${name}[]=1`, `${name}[]`],
          [`${name}%5B%24gt%5D=`, `${name}[$gt]`],
          ...(known ? ([[`${name}=1&${name}=2`, name]] as [string, string][]) : []),
          ...(known ? [] : ([[`${name}=1`, name]] as [string, string][])),
        ];
        for (const [query, field] of queries) {
          const answer = await send(operation, `${path}?${query}`);
          expect([query, answer.status, namesField(answer, field)]).toEqual([query, 400, true]);
        }
        for (const value of ['%00', '%ED%A0%80', '%E0%A4%A', '%1b%5b31m', 'x'.repeat(5_000)]) {
          const answer = await send(operation, `${path}?${name}=${value}`);
          expect([name, value.slice(0, 20), answer.status]).toEqual([name, value.slice(0, 20), 400]);
        }
      }
    }
    expect(await state()).toEqual(before);
  });
});

describe('an address', () => {
  it('with an id that is none is 404, for every call', async () => {
    const odd = [
      '%00',
      '%7B%22%24ne%22%3Anull%7D',
      '..%2F..%2Fhealth',
      'x'.repeat(500),
      '__proto__',
      '%5Bobject%20Object%5D',
      '%27%20or%201=1',
      '%E2%82%AC',
    ];
    for (const operation of operations().filter(({ template }) => template.includes('{'))) {
      for (const id of odd) {
        const path = pathOf(operation, { id, applicationId: id, keyId: id });
        const init = operation.hasBody ? { body: JSON.stringify(fullBody(operation)) } : {};
        const answer = await send(operation, path, init);
        const expected = operation.method === 'delete' ? [204, 404] : [404];
        expect([operation.template, id, expected.includes(answer.status)]).toEqual([
          operation.template,
          id,
          true,
        ]);
      }
    }
  });

  it('with another method is 405 with Allow, one that does not exist 404, all as problems', async () => {
    const paths = new Map<string, Operation[]>();
    for (const one of operations()) paths.set(pathOf(one), [...(paths.get(pathOf(one)) ?? []), one]);
    for (const [path, those] of paths) {
      const allowed = those.map(({ method }) => method.toUpperCase());
      for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'].filter((one) => !allowed.includes(one))) {
        const answer = await engine.call(`${method} ${path}`, tenant.key);
        expect([path, method, answer.status, answer.body['code']]).toEqual([
          path,
          method,
          405,
          'method_not_allowed',
        ]);
        expectProblem(answer);
        for (const one of allowed) expect(answer.headers.get('allow')).toContain(one);
      }
      const nowhere = await engine.call(`GET ${path}/nowhere/at/all`, tenant.key);
      expect([path, nowhere.status]).toEqual([path, 404]);
      expectProblem(nowhere);
    }
  });
});
