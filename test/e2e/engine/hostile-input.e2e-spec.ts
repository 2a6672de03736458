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
import { wholeBodies } from '../../support/whole-bodies';

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
  ids = { id: started.id, applicationId: victim.id, keyId: 'AAAAAAAAAAAAAAAAAAAAAA', name: 'http' };
  document = (await engine.call('GET /openapi.json', null)).body as unknown as OpenAPIObject;
  matcher = new OpenApiMatcher(document);
  // What the relay still moves is no effect of an attack.
  const unrelayed = { 'outbox.0': { $exists: true } };
  await until(async () => (await engine.db.collection('slots').countDocuments(unrelayed)) === 0);
});

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Method = (typeof methods)[number];

interface Operation {
  readonly method: Method;
  readonly template: string;
  readonly query: readonly string[];
  readonly hasBody: boolean;
  /** Whether the key of the operator opens it, and no other. */
  readonly isAdmin: boolean;
  /** Imports alone may also be CSV, and large. */
  readonly isImport: boolean;
}

function operations(): Operation[] {
  return Object.entries(document.paths).flatMap(([template, item]) =>
    methods.flatMap((method) => {
      const { parameters = [], requestBody, security = [] } = item[method] ?? {};
      const query = parameters.flatMap((one) => ('in' in one && one.in === 'query' ? [one.name] : []));
      const isAdmin = security.length > 0 && security.every((kind) => 'adminKey' in kind);
      const formats = requestBody && 'content' in requestBody ? Object.keys(requestBody.content) : [];
      const isImport = formats.includes('text/csv');
      const operation = { method, template, query, hasBody: formats.length > 0, isAdmin, isImport };
      return item[method] ? [operation] : [];
    }),
  );
}

const fullBodies = ({ method, template }: Operation): readonly object[] =>
  wholeBodies(`${method} ${template}`, started.to);

function pathOf(operation: Operation, values: Record<string, string> = ids): string {
  const { template } = operation;
  const own = template.startsWith('/v1/applications') ? { ...values, id: values['applicationId']! } : values;
  return template.replace(/\{(\w+)\}/g, (_, name: string) => own[name]!);
}

/** Sends bytes as they are; nothing may be 500, undocumented, or without the headers of every answer. */
async function send(operation: Operation, path: string, init: RequestInit = {}): Promise<Answer> {
  const authorization = `Bearer ${operation.isAdmin ? ADMIN_KEY : tenant.key}`;
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

const callsWithBodies = (): [Operation, object][] =>
  withBodies().flatMap((operation) =>
    fullBodies(operation).map((body): [Operation, object] => [operation, body]),
  );

/** A text that is to be validated is the one field where everything that is a text has an answer: not valid. */
const takesAnyText = ({ template }: Operation, field: string): boolean =>
  template === '/v1/phone-numbers/validate' && field !== 'country';

function fieldAttacks(operation: Operation, body: object): Attack[] {
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

function keyAttacks(operation: Operation, body: object): Attack[] {
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
    const attacks = callsWithBodies().flatMap((call) => [...fieldAttacks(...call), ...keyAttacks(...call)]);
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
    const targets = callsWithBodies().flatMap(([operation, body]) =>
      placesIn(body).map((place) => ({ operation, body, place })),
    );
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom(...oddStrings),
      fc.string({ unit: 'binary' }),
    );
    const attack = fc.record({ target: fc.constantFrom(...targets), value });
    const samples = fc.sample(attack, { numRuns: 600, seed: SEED });
    await inTurns(samples, ({ target: { operation, body, place }, value: odd }) =>
      send(operation, pathOf(operation), { body: JSON.stringify(withValue(body, place, odd)) }),
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
    const large = (kib: number) => JSON.stringify({ to: 'x'.repeat(kib * 1024) });
    for (const operation of withBodies()) {
      const path = pathOf(operation);
      const body = large(operation.isImport ? 1_025 : 17);
      expect((await send(operation, path, { body })).status).toBe(413);
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
        const path = pathOf(operation, { id, applicationId: id, keyId: id, name: id });
        const init = operation.hasBody ? { body: JSON.stringify(fullBodies(operation)[0]) } : {};
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
