import type { OpenAPIObject } from '@nestjs/swagger';
import type { SeededRandom } from '../faults/seeded-random';
import { placesIn, withValue } from '../support/hostile';
import { type Operation, operationsOf } from '../support/operations';
import { wholeBodies } from '../support/whole-bodies';
import { oddHeaders, oddMethods, oddPaths, oddSegments } from './odd-parts';
import type { Focus, Pool } from './pool';
import { brokenText, oddText, spoiled } from './spoil';

/** Makes a value of a schema, another one at each call. */
export type Generate = (schema: object) => unknown;

export interface FuzzRequest {
  /** What the document says that this is; null: a path or method that it does not name. */
  readonly operation: Operation | null;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Keys {
  readonly operator: string;
  readonly application: string;
}

/** What is known by name: a schema says that a number is a text, not which texts are numbers. */
const meant: Readonly<Record<string, (focus: Focus, pool: Pool) => unknown>> = {
  to: ({ to }) => to,
  number: ({ to }) => to,
  code: ({ code }) => code,
  country: () => 'ES',
  email: () => 'ana@example.com',
  locale: () => 'es',
  purpose: () => 'default',
  currency: () => 'EUR',
  gateway: () => 'http',
  verificationId: ({ verificationId }) => verificationId,
  cursor: (_, pool) => pool.any('cursor'),
};

const RIGHT = 0.3;
/** The heart more often than the rest: most of what can go wrong there needs several calls on one verification. */
const weights: Readonly<Record<string, number>> = {
  'post /v1/verifications': 4,
  'post /v1/verifications/{id}/checks': 5,
  'post /v1/checks': 3,
  'post /v1/verifications/{id}/sends': 2,
};

/** A body serves so often on average, each time changed otherwise: large ones take milliseconds to make. */
const STOCK = 24;
const RENEWED = 1 / 6;

/** Requests without end, made of the document: right ones, spoiled ones, and some that nothing describes. */
export class Requests {
  private readonly operations: readonly Operation[];
  private readonly stocks = new Map<object, unknown[]>();

  constructor(
    private readonly document: OpenAPIObject,
    private readonly random: SeededRandom,
    private readonly parts: { readonly pool: Pool; readonly keys: Keys; readonly generate: Generate },
  ) {
    this.operations = operationsOf(document).flatMap((one) =>
      Array<Operation>(weights[`${one.method} ${one.template}`] ?? 1).fill(one),
    );
  }

  next(): FuzzRequest {
    const { random } = this;
    const operation = random.pick(this.operations);
    const focus = this.parts.pool.focus();
    if (random.chance(RIGHT)) return this.right(operation, focus);
    const headers = { ...this.authorization(operation), ...this.ownHeaders(operation) };
    if (random.chance(0.02)) return this.stray(operation, headers);
    const path = `${this.pathOf(operation, focus)}${this.queryOf(operation, focus)}`;
    const method = operation.method.toUpperCase();
    if (!operation.hasBody && random.chance(0.98)) return { operation, method, path, headers };
    const made = this.bodyOf(operation, focus);
    return { operation, method, path, ...made, headers: { ...headers, ...made.headers } };
  }

  /** One that the server has every reason to take: what comes after it meets a state. */
  private right(operation: Operation, focus: Focus): FuzzRequest {
    const { keys } = this.parts;
    const method = operation.method.toUpperCase();
    const path = operation.template.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(this.idOf(operation, name, focus)),
    );
    const authorization = `Bearer ${operation.isAdmin ? keys.operator : keys.application}`;
    if (!operation.hasBody) return { operation, method, path, headers: { authorization } };
    const headers = { authorization, 'content-type': 'application/json' };
    return { operation, method, path, headers, body: JSON.stringify(this.rightBody(operation, focus)) };
  }

  /** A path or a method that the document does not name. */
  private stray({ template }: Operation, headers: FuzzRequest['headers']): FuzzRequest {
    const { random } = this;
    const method = random.pick(oddMethods);
    const path = random.pick([random.pick(oddPaths), template, `${template}/`, `/${template}`]);
    const known = this.operations.find((one) => one.template === path && one.method === method.toLowerCase());
    return { operation: known ?? null, method, path, headers };
  }

  private authorization(operation: Operation): Record<string, string> {
    const { random } = this;
    if (random.chance(0.01)) return {};
    const key = random.chance(0.94) ? this.rightKey(operation) : this.oddKey();
    const scheme = random.chance(0.98) ? 'Bearer' : random.pick(['bearer', 'Basic', 'Bearer Bearer', '']);
    return { authorization: `${scheme} ${key}` };
  }

  private rightKey({ isAdmin, template }: Operation): string {
    const { keys, pool } = this.parts;
    if (isAdmin || (template === '/v1/statistics' && this.random.chance(0.3))) return keys.operator;
    return (this.random.chance(0.1) ? pool.any('key') : null) ?? keys.application;
  }

  private oddKey(): string {
    const { keys, pool } = this.parts;
    const made = pool.any('key') ?? 'none';
    return this.random.pick([keys.operator, keys.application, made, 'é'.repeat(9), 'x'.repeat(5_000)]);
  }

  private ownHeaders({ parameters }: Operation): Record<string, string> {
    const { random } = this;
    const headers: Record<string, string> = {};
    const names = parameters.filter((one) => one.in === 'header').map(({ name }) => name.toLowerCase());
    if (names.includes('idempotency-key') && random.chance(0.3))
      headers['idempotency-key'] = random.pick([
        `key-${random.below(5_000)}`,
        random.pick(['', ' ', 'é', '"quoted"', 'k'.repeat(300), '__proto__', '$ne', '\u0080']),
      ]);
    if (names.includes('prefer') && random.chance(0.1))
      headers['prefer'] = random.pick([
        'wait=0',
        'wait=1',
        'wait=-1',
        'wait=1e9',
        'respond-async',
        'wait',
        ';;=',
      ]);
    if (random.chance(0.05)) Object.assign(headers, random.pick(oddHeaders));
    return headers;
  }

  private pathOf(operation: Operation, focus: Focus): string {
    return operation.template.replace(/\{(\w+)\}/g, (_, name: string) =>
      this.random.chance(0.85)
        ? encodeURIComponent(this.idOf(operation, name, focus))
        : this.random.pick(oddSegments),
    );
  }

  private idOf(operation: Operation, name: string, { verificationId }: Focus): string {
    if (name === 'name') return this.random.pick(['http', 'console', 'twilio', 'none']);
    const { pool } = this.parts;
    const known = operation.template.startsWith('/v1/verifications')
      ? verificationId
      : pool.any(name === 'keyId' ? 'keyId' : this.kindOf(operation));
    return known ?? 'none';
  }

  /** Nobody switches off the application that all of this runs in. */
  private kindOf({ template, method }: Operation): string {
    if (template.startsWith('/v1/blocks')) return 'block';
    return method === 'patch' || this.random.chance(0.7) ? 'application' : 'own';
  }

  private queryOf({ parameters }: Operation, focus: Focus): string {
    const { random } = this;
    const pairs = parameters
      .filter((one) => one.in === 'query' && random.chance(0.35))
      .map(({ name, schema }) => [name, this.queryValue(name, schema, focus)] as const);
    if (random.chance(0.03))
      return random.pick(['?%', '?=&=', '?limit=1&limit=2', '?to[$ne]=1', `?${'a=1&'.repeat(400)}`]);
    if (random.chance(0.03)) pairs.push([random.pick(['__proto__', 'constructor', '$where', 'ümlaut']), '1']);
    return pairs.length > 0
      ? `?${pairs.map(([name, value]) => `${encodeURIComponent(name)}=${value}`).join('&')}`
      : '';
  }

  private queryValue(name: string, schema: object, focus: Focus): string {
    const { random } = this;
    if (random.chance(0.1)) return random.pick(oddSegments);
    const known = random.chance(0.6) ? meant[name]?.(focus, this.parts.pool) : undefined;
    const value = known ?? (random.chance(0.9) ? this.generate(schema) : oddText(random));
    return encodeURIComponent(Buffer.from(String(value)).toString());
  }

  private bodyOf(
    operation: Operation,
    focus: Focus,
  ): Pick<FuzzRequest, 'headers' | 'body'> & { body?: string | Buffer } {
    const { random } = this;
    const isCsv = operation.isImport && random.chance(0.3);
    const type = isCsv ? 'text/csv' : 'application/json';
    const headers = { 'content-type': random.chance(0.98) ? type : random.pick(oddTypes) };
    if (isCsv) return { headers, body: random.pick(csvBodies) };
    const body = this.rightBody(operation, focus);
    const kind = random.next();
    if (kind < 0.35) return { headers, body: JSON.stringify(body) };
    if (kind < 0.9) return { headers, body: JSON.stringify(spoiled(body, random)) ?? '' };
    if (kind < 0.98) return { headers, body: brokenText(body, random) };
    return { headers: {} };
  }

  private rightBody(operation: Operation, focus: Focus): unknown {
    const { random } = this;
    const { bodySchema } = operation;
    if (!bodySchema) return { a: [1] };
    let body = random.pick<() => unknown>([
      () => operation.example,
      () => random.pick(wholeBodies(`${operation.method} ${operation.template}`, focus.to)),
      () => this.fromStock(bodySchema),
    ])();
    for (const place of placesIn(body)) {
      const known = meant[String(place.at(-1))]?.(focus, this.parts.pool) ?? null;
      if (known !== null && random.chance(0.8)) body = withValue(body, place, known);
    }
    return body;
  }

  private generate(schema: object): unknown {
    return this.parts.generate({ ...schema, components: this.document.components });
  }

  private fromStock(schema: object): unknown {
    const { random } = this;
    const stock = this.stocks.get(schema) ?? [];
    this.stocks.set(schema, stock);
    if (stock.length < STOCK) stock.push(this.generate(schema));
    else if (random.chance(RENEWED)) stock[random.below(STOCK)] = this.generate(schema);
    return random.pick(stock);
  }
}

const oddTypes = [
  '',
  'text/plain',
  'application/json; charset=utf-16',
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  'application/json, text/csv',
  'application/problem+json',
  'multipart/form-data; boundary=',
  'application/x-www-form-urlencoded',
];

const csvBodies = [
  'gateway,country,channel,price,currency\nhttp,ES,sms,0.0345,EUR\n',
  'gateway,country,channel,price,currency\r\nhttp,*,,0.1,EUR\r\n"http","FR","sms","1e9","EUR"',
  'gateway;country\nhttp;ES',
  'gateway,country,channel,price,currency\n"http',
  '\ufeffgateway,country,channel,price,currency\nhttp,ES,sms,0.0345,eur',
  ',,,,\n'.repeat(500),
  '',
  '__proto__,constructor\n1,2',
];
