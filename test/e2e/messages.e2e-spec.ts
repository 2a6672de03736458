import { until, useEngine, type Tenant } from '../support/engine';
import { OpenApiMatcher } from '../support/openapi-match';

const engine = useEngine({ processes: 1 });

let matcher: OpenApiMatcher;
let tenant: Tenant;
beforeAll(async () => {
  const document = await engine.call('GET /openapi.json', null);
  matcher = new OpenApiMatcher(document.body as never);
  tenant = await engine.tenant({ brand: 'Acme' });
});

const preview = async (body: unknown, by: Pick<Tenant, 'call'> = tenant) => {
  const answer = await by.call('POST /v1/messages/preview', body);
  matcher.expectMatches('post', '/v1/messages/preview', answer.status, answer.body);
  return answer;
};
const paths = (body: Readonly<Record<string, unknown>>) =>
  (body['errors'] as { path: string }[]).map(({ path }) => path);

describe('previewing a message', () => {
  it('shows what a person would get, in what, and for how much', async () => {
    const prices = [{ gateway: 'http', country: 'ES', channel: 'sms', price: '0.05', currency: 'EUR' }];
    expect(await engine.admin('PUT /v1/prices', { prices })).toMatchObject({ status: 200 });
    expect(await preview({ purpose: 'login', countries: ['ES', 'MX'], country: 'ES' })).toMatchObject({
      status: 200,
      body: {
        text: 'Acme: 123456 es tu codigo para entrar. NO lo compartas, nunca te lo pediremos. Si no lo has pedido, ignora este mensaje. Caduca en 10 min.',
        locale: 'es',
        encoding: 'gsm7',
        parts: 1,
        code: '123456',
        estimates: [
          { country: 'ES', gateway: 'http', price: { amount: '0.050000', currency: 'EUR', micros: 50_000 } },
          { country: 'MX', gateway: 'http', price: null },
        ],
      },
    });
  });

  it('is the text that is then sent', async () => {
    const { to, code } = await tenant.start({ purpose: 'login', locale: 'fr' });
    const { body } = await preview({ purpose: 'login', locale: 'fr' });
    expect(engine.sink.sentTo(to)[0]?.text.replace(code, '123456')).toBe(body['text']);
  });

  it('tries a template, which then may be saved and is sent', async () => {
    const template = {
      purpose: 'door',
      text: 'Door of {brand}: {code}, {minutes, plural, one {# minute} other {# minutes}}.',
    };
    const tried = await preview({ template });
    expect(tried.body).toMatchObject({ text: 'Door of Acme: 123456, 10 minutes.', source: 'template' });
    const saved = await engine.admin(`PATCH /v1/applications/${tenant.id}`, {
      settings: { templates: [template] },
    });
    expect(saved).toMatchObject({ status: 200, body: { settings: { templates: [template] } } });
    const { to, code } = await tenant.start({ purpose: 'door' });
    expect(engine.sink.sentTo(to)[0]?.text).toBe(`Door of Acme: ${code}, 10 minutes.`);
  });

  it('names what is wrong with a template, as saving it does', async () => {
    const broken = { text: 'Hello {name}' };
    const tried = await preview({ template: broken });
    expect([tried.status, paths(tried.body)]).toEqual([400, ['template.text']]);
    expect(tried.text).not.toContain('Hello');
    const templates = [broken];
    const saved = await engine.admin('POST /v1/applications', { name: 'x', settings: { templates } });
    expect([saved.status, paths(saved.body)]).toEqual([400, ['settings.templates.0.text']]);
    const link = { templates: [{ text: '{code}' }, { text: '{code} acme.example', locale: 'es' }] };
    const patched = await engine.admin(`PATCH /v1/applications/${tenant.id}`, { settings: link });
    expect([patched.status, paths(patched.body)]).toEqual([400, ['settings.templates.1.text']]);
  });

  // Catches: settings judged by what a change names alone, so that a change elsewhere breaks a saved template.
  it('judges saved templates again when the settings around them change', async () => {
    const shop = await engine.tenant({ brand: 'Shop', templates: [{ text: '{brand} {code}' }] });
    const change = { settings: { brand: null } };
    const patched = await engine.admin(`PATCH /v1/applications/${shop.id}`, change);
    expect([patched.status, paths(patched.body)]).toEqual([400, ['settings.templates.0.text']]);
  });

  it('needs its scope and a sound body', async () => {
    const keys = await engine.admin(`POST /v1/applications/${tenant.id}/keys`, {
      scopes: ['verifications:read'],
    });
    const other = {
      call: (route: string, body: unknown) => engine.call(route, String(keys.body['key']), body),
    };
    expect(await preview({}, other)).toMatchObject({ status: 403 });
    expect(await preview({ countries: Array(21).fill('ES') })).toMatchObject({ status: 400 });
    expect(await preview({ colour: 'red' })).toMatchObject({ status: 400 });
    expect(await preview({ country: 'XX', codeLength: 11, locale: '?' })).toMatchObject({ status: 400 });
  });
});

describe('a language as platforms write it', () => {
  it.each([
    ['pt_BR', 'pt-BR', /n[ãa]o compartilhe/i],
    ['zh_TW_#Hant', 'zh-Hant', /請勿/],
    ['zh-rTW', 'zh-Hant', /請勿/],
    ['iw', 'he', /אין לשתף/],
    ['in_ID', 'id', /jangan bagikan/i],
  ])('%s is %s wherever a call or a setting names one', async (written, locale, warning) => {
    const previewed = await preview({ locale: written });
    expect(previewed.body).toMatchObject({ locale, text: expect.stringMatching(warning) as string });
    const templates = [{ locale: written, text: 'Own text {code}', purpose: 'door' }];
    const own = await engine.tenant({ locale: written, templates, policy: { cooldownSeconds: 0 } });
    const byCall = await tenant.start({ locale: written, purpose: 'locale' });
    const bySetting = await own.start();
    const byTemplate = await own.start({ purpose: 'door' });
    expect(engine.sink.sentTo(byTemplate.to)[0]?.text).toMatch(/^Own text/);
    const again = await own.start({ locale: 'en' });
    const sends = await own.call(`POST /v1/verifications/${again.id}/sends`, { locale: written });
    expect(sends.status).toBe(201);
    const sent = (to: string) => engine.sink.sentTo(to).map(({ text }) => text.normalize('NFC'));
    for (const { to } of [byCall, bySetting]) expect(sent(to)[0]).toMatch(warning);
    await until(async () => sent(again.to).length === 2);
    expect(sent(again.to)[1]).toMatch(warning);
  });
});
