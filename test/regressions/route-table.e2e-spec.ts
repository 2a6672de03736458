import type { OpenAPIObject } from '@nestjs/swagger';
import { loadSettings } from '../../config/load-settings';
import { type Scope, scopes } from '../../src/access/principal';
import { AppModule } from '../../src/app.module';
import { createApp } from '../../src/app.setup';
import { RouteTable } from '../../src/common/http/route-table';
import { createLogger } from '../../src/common/logging/logger';
import { gateways } from '../../src/sms/gateways.generated';
import { type Started, type Tenant, until, wordFor } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';
import { wholeBodies } from '../support/whole-bodies';
import { pathOf, type RouteRow, routeTable } from './route-table';

const engine = useSharedEngine();
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** What holds a guess, by the names that the world has for it. */
const CODE = /^(code|otp|pin|passcode|guess|token)$/i;

let document: OpenAPIObject;
let victim: Tenant;
let started: Started;
let ids: Record<string, string>;

beforeAll(async () => {
  document = (await engine.call('GET /openapi.json', null)).body as unknown as OpenAPIObject;
  victim = await engine.tenant({ policy: { cooldownSeconds: 0, sends: { max: 100 } } });
  started = await victim.start({ purpose: 'login' });
  const body = { list: 'block', kind: 'country', value: 'JP', reason: 'table' };
  const blockId = String((await victim.call('POST /v1/blocks', body)).body['id']);
  ids = { id: started.id, blockId, applicationId: victim.id, keyId: 'AAAAAAAAAAAAAAAAAAAAAA', name: 'http' };
});

const inDocument = ({ route }: RouteRow): string => route.replace(/:(\w+)/g, '{$1}');

/** Where a body is taken, one that is right; gateways of vendors take none. */
function bodyOf(row: RouteRow): object | undefined {
  const [method = '', template = ''] = inDocument(row).split(' ');
  const operation = document.paths[template]?.[method.toLowerCase() as 'post'];
  return operation?.requestBody
    ? wholeBodies(`${method.toLowerCase()} ${template}`, started.to)[0]
    : undefined;
}

/** Every name of a property in a schema, however deep, and of a parameter. */
function namesIn(node: unknown, seen = new Set<string>()): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { $ref, properties = {}, ...rest } = node as { $ref?: string; properties?: Record<string, unknown> };
  const name = $ref?.split('/').at(-1);
  if (name !== undefined && !seen.has(name)) {
    seen.add(name);
    return namesIn(document.components?.schemas?.[name], seen);
  }
  const inner = [...Object.values(properties), ...Object.values(rest)].flatMap((one) => namesIn(one, seen));
  return [...Object.keys(properties), ...inner];
}

/** `POST /v1/…` of every operation that takes something named like a code. */
function documentedCodeRoutes(): string[] {
  return Object.entries(document.paths).flatMap(([template, item]) =>
    methods.flatMap((method) => {
      const { requestBody, parameters = [] } = item[method] ?? {};
      const params = parameters.flatMap((one) => ('name' in one ? [one.name] : []));
      const names = [...namesIn(requestBody), ...params];
      return names.some((name) => CODE.test(name)) ? [`${method.toUpperCase()} ${template}`] : [];
    }),
  );
}

/** What the router of the whole application was given, in this process and without listening. */
async function bootedRoutes(): Promise<string[]> {
  const added = jest.spyOn(RouteTable.prototype, 'add');
  const settings = loadSettings(
    { NODE_ENV: 'test', SMS_ROUTES: '*:console', SECRETS_FILE: engine.secretsFile },
    gateways,
  );
  const database = {
    uri: process.env['SIXDIGIT_TEST_MONGODB_URI']!,
    name: 'test_routes',
    embeddedPid: () => null,
    stop: () => Promise.resolve(),
  };
  const app = await createApp(AppModule.forRoot(settings, database), {
    settings: settings.server,
    logger: createLogger('silent'),
  });
  await app.init();
  await app.close();
  const routes = added.mock.calls.flatMap(([path, list]) =>
    [list].flat().map((method) => `${method} ${path}`),
  );
  return [...new Set(routes)].filter((route) => !/^(HEAD|OPTIONS) /.test(route)).sort();
}

describe('the table of routes', () => {
  // Catches: a route that R06 and R31 do not know of.
  it('has every route of the booted app, and no other', async () => {
    const pagesOfDocs = /^GET \/docs(\/|-).*/;
    const booted = (await bootedRoutes()).filter((route) => !pagesOfDocs.test(route));
    expect(booted).toEqual(routeTable.map(({ route }) => route).sort());
  });

  it('has every route of the document', () => {
    const documented = Object.entries(document.paths).flatMap(([template, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${template}`),
    );
    expect(routeTable.map(inDocument)).toEqual(expect.arrayContaining(documented));
  });

  // Catches: a second path by which codes are guessed. In applications `code` is the fixed one of a test number.
  it('knows which routes take a code', () => {
    const setsCodes = /^(POST|PATCH) \/v1\/applications(\/\{id\})?$/;
    const taking = routeTable.filter(({ guess }) => guess).map(inDocument);
    expect(documentedCodeRoutes().filter((route) => !setsCodes.test(route))).toEqual(taking);
  });
});

const scopesOf = ({ opens }: RouteRow): readonly Scope[] => scopes.filter((scope) => opens.endsWith(scope));
const isPublic = ({ opens }: RouteRow): boolean => opens === 'anybody';
const guarded = routeTable.filter((row) => !isPublic(row));

async function keyWith(scope: Scope): Promise<string> {
  const { body } = await engine.admin(`POST /v1/applications/${victim.id}/keys`, { scopes: [scope] });
  return String(body['key']);
}

describe('a route', () => {
  it('that needs a key answers 401 without, to a false one, and for a GET of it', async () => {
    for (const row of guarded) {
      for (const key of [null, 'sdk_unknown']) {
        const answer = await engine.call(pathOf(row, ids), key, bodyOf(row));
        expect([row.route, wordFor(answer)]).toEqual([row.route, '401 unauthorized']);
      }
    }
  });

  // Catches: a route without a rule, or with the rule of another.
  it.each(scopes)('opens to %s only where the table says so', async (scope) => {
    const key = await keyWith(scope);
    for (const row of guarded) {
      const { status } = await engine.call(pathOf(row, ids), key, bodyOf(row));
      expect([row.route, status === 403]).toEqual([row.route, !scopesOf(row).includes(scope)]);
    }
  });

  it('of applications is closed to the operator, unless the table opens it', async () => {
    for (const row of guarded.filter(({ opens }) => !opens.startsWith('operator'))) {
      const answer = await engine.admin(pathOf(row, ids), bodyOf(row));
      expect([row.route, wordFor(answer)]).toEqual([row.route, '403 forbidden']);
    }
  });

  it('without a key answers nothing of an application', async () => {
    for (const row of routeTable.filter(isPublic)) {
      const { status, text } = await engine.call(pathOf(row, ids), null);
      expect([row.route, status < 500, text.includes(victim.id), text.includes(started.id)]).toEqual([
        row.route,
        true,
        false,
        false,
      ]);
    }
  });

  // Catches: a list or a look-up that forgets whose it is.
  it('shows and does nothing to what is of another application', async () => {
    const shop = 'https://shop.example';
    const hosted = { returnUrls: [`${shop}/back`], cancelUrls: [`${shop}/cancelled`] };
    const other = await engine.tenant({ hosted });
    const settled = { ids: started.id, 'outbox.0': { $exists: false } };
    await until(async () => (await engine.db.collection('slots').countDocuments(settled)) === 1);
    const mine = { applicationId: victim.id };
    const state = (): Promise<unknown> => engine.db.collection('slots').find(mine).sort({ _id: 1 }).toArray();
    const before = await state();
    for (const row of guarded.filter(({ otherTenant }) => otherTenant)) {
      const answer = await other.call(pathOf(row, ids), bodyOf(row));
      const word = answer.status < 400 ? 'own' : wordFor(answer);
      expect([row.route, word]).toEqual([row.route, row.otherTenant]);
      expect([row.route, answer.text.includes(started.id)]).toEqual([row.route, false]);
    }
    expect(await state()).toEqual(before);
  });
});
