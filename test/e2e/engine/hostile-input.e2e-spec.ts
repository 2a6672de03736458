import { encode } from 'fast-png';
import fc from 'fast-check';
import { anyText } from '../../builders/any-text';
import { type Tenant, useEngine, wrongCode } from '../../support/engine';
import { oddStrings, placesIn, withValue } from '../../support/hostile';
import { expectProblem, fullBodies, HostileCalls, inTurns } from '../../support/hostile-calls';
import type { Operation } from '../../support/operations';

const SEED = 20_261_123;
const engine = useEngine({ processes: 1, env: { SMS_ROUTES: 'FR:console;*:http' } });

let tenant: Tenant;
let to: string;
let calls: HostileCalls;

beforeAll(async () => {
  // A pending verification that no create can join or replace: what gets through the validation is seen at once.
  tenant = await engine.tenant({ policy: { whenPending: 'reject', maxChecks: 10 } });
  const started = await tenant.start();
  await tenant.check(started.id, wrongCode(started.code));
  to = started.to;
  calls = await HostileCalls.of(engine, tenant, started.id);
});

/** Addresses that a template stands for. */
const patternOf = (template: string): RegExp => new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`);

const callsWithBodies = (): [Operation, object][] =>
  calls
    .withBodies()
    .flatMap((operation) => fullBodies(operation, to).map((body): [Operation, object] => [operation, body]));

describe('a field of a body', () => {
  it('with any JSON at all in its place never breaks a call', async () => {
    const targets = callsWithBodies().flatMap(([operation, body]) =>
      placesIn(body).map((place) => ({ operation, body, place })),
    );
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(...oddStrings), anyText());
    const attack = fc.record({ target: fc.constantFrom(...targets), value });
    const samples = fc.sample(attack, { numRuns: 600, seed: SEED });
    await inTurns(samples, ({ target: { operation, body, place }, value: odd }) =>
      calls.send(operation, calls.pathOf(operation), { body: JSON.stringify(withValue(body, place, odd)) }),
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
    for (const operation of calls.withBodies()) {
      const answer = await calls.send(operation, calls.pathOf(operation), { body });
      expect([operation.template, answer.status, answer.body['code']]).toEqual([
        operation.template,
        400,
        'invalid_request',
      ]);
    }
  });

  it('that is too large is 413, in another format 415, whatever the route', async () => {
    const large = (kib: number) => JSON.stringify({ to: 'x'.repeat(kib * 1024) });
    for (const operation of calls.withBodies()) {
      const path = calls.pathOf(operation);
      const body = large(operation.isImport ? 1_025 : 17);
      expect((await calls.send(operation, path, { body })).status).toBe(413);
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/bson',
      ]) {
        const answer = await calls.send(operation, path, {
          body: 'to[$ne]=1',
          headers: { 'content-type': type },
        });
        expect([operation.template, type, answer.status]).toEqual([operation.template, type, 415]);
      }
    }
  });
});

/** What is wrong is the address alone. */
function rightBody(operation: Operation): RequestInit {
  if (operation.isPicture) {
    const dot = encode({ width: 1, height: 1, data: Uint8Array.of(0, 0, 0), channels: 3 });
    return { body: Uint8Array.from(dot), headers: { 'content-type': 'image/png' } };
  }
  return operation.hasBody ? { body: JSON.stringify(fullBodies(operation, to)[0]) } : {};
}

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
    for (const operation of calls.operations().filter(({ template }) => template.includes('{'))) {
      for (const id of odd) {
        const path = calls.pathOf(operation, { id, applicationId: id, keyId: id, name: id });
        const answer = await calls.send(operation, path, rightBody(operation));
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
    // An address may be one of two templates: a word where another has an id.
    const all = calls.operations().map((one) => ({ one, pattern: patternOf(one.template) }));
    const paths = new Map<string, Operation[]>();
    for (const { one } of all) {
      const path = calls.pathOf(one);
      paths.set(
        path,
        all.filter(({ pattern }) => pattern.test(path)).map((each) => each.one),
      );
    }
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
