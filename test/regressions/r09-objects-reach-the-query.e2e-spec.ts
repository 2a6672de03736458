/**
 * R09. A field of a call that is an object or a list reaches the database as an operator: `{"code": {"$ne": null}}` is
 * right for every code. Seen in Parse Server on MongoDB (CVE-2026-30941, CVE-2026-32248, CVE-2020-5251): one call signed
 * strangers in.
 *
 * Catches: a schema that coerces, strips or lets an object through (`z.any()` for a field of the check or the create);
 * a parser of queries that makes objects of brackets.
 */
import { type Started, type Tenant, until, wrongCode } from '../support/engine';
import { hostileStrings, hostileValues, placesIn, withRepeatedKey, withValue } from '../support/hostile';
import { fullBodies, HostileCalls, inTurns, namesField } from '../support/hostile-calls';
import type { Operation } from '../support/operations';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
let tenant: Tenant;
let started: Started;
let calls: HostileCalls;

beforeAll(async () => {
  // A pending verification that no create can join or replace: what gets through the validation is seen at once.
  // Those of the whole bodies, so that nothing but the attacked field is wrong.
  const hosted = {
    returnUrls: ['https://shop.example/back'],
    cancelUrls: ['https://shop.example/cancelled'],
    origins: ['https://shop.example'],
  };
  tenant = await engine.tenant({ policy: { whenPending: 'reject', maxChecks: 10 }, hosted });
  started = await tenant.start();
  await tenant.check(started.id, wrongCode(started.code));
  calls = await HostileCalls.of(engine, tenant, started.id);
  // What the relay still moves is no effect of an attack.
  const unrelayed = { applicationId: tenant.id, 'outbox.0': { $exists: true } };
  await until(async () => (await engine.db.collection('slots').countDocuments(unrelayed)) === 0);
});

/** Everything of the application that a guess, a send or a create could have changed. */
async function state(): Promise<unknown> {
  const of = (name: string, filter: object): Promise<object[]> =>
    engine.db.collection(name).find(filter).sort({ _id: 1 }).toArray();
  const mine = { applicationId: tenant.id };
  const [slots, verifications] = await Promise.all([of('slots', mine), of('verifications', mine)]);
  const applications = await of('applications', { _id: tenant.id });
  return { slots, verifications, applications, texts: engine.sink.messages.length };
}

interface Attack {
  readonly operation: Operation;
  /** The field, as the answer has to name it; a container of it is right as well. */
  readonly field: string;
  readonly bytes: string;
}

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
        typeof value === 'string' || !calls.matcher.acceptsBody(operation.method, operation.template, sent),
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
  it('of the wrong kind, or given twice, is 400 and named, for every field of every call; nothing moves', async () => {
    const attacks = calls
      .withBodies()
      .flatMap((one) =>
        fullBodies(one, started.to).flatMap((body) => [...fieldAttacks(one, body), ...keyAttacks(one, body)]),
      );
    expect(attacks.length).toBeGreaterThan(1_500);
    const before = await state();
    await inTurns(attacks, async ({ operation, field, bytes }) => {
      const answer = await calls.send(operation, calls.pathOf(operation), { body: bytes });
      const sent = `${operation.method} ${operation.template} ${bytes.slice(0, 300)}`;
      const { text } = answer;
      expect({ sent, field, text, named: namesField(answer, field) }).toEqual({
        sent,
        field,
        text,
        named: true,
      });
    });
    expect(await state()).toEqual(before);
    // Nine thousand calls: 40 s where two others want the cores as well.
  }, 240_000);
});

describe('a query', () => {
  it('with operators, lists, unknown or repeated names is 400 and named, for every parameter', async () => {
    const before = await state();
    for (const operation of calls.operations().filter(({ query }) => query.length > 0)) {
      const path = calls.pathOf(operation);
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
          const answer = await calls.send(operation, `${path}?${query}`);
          expect([query, answer.status, namesField(answer, field)]).toEqual([query, 400, true]);
        }
        for (const value of ['%00', '%ED%A0%80', '%E0%A4%A', '%1b%5b31m', 'x'.repeat(5_000)]) {
          const answer = await calls.send(operation, `${path}?${name}=${value}`);
          expect([name, value.slice(0, 20), answer.status]).toEqual([name, value.slice(0, 20), 400]);
        }
      }
    }
    expect(await state()).toEqual(before);
  });
});
