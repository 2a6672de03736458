import { useEngine, type Tenant } from '../../support/engine';
import { OpenApiMatcher } from '../../support/openapi-match';

const engine = useEngine({ processes: 1 });

let matcher: OpenApiMatcher;
let tenant: Tenant;
beforeAll(async () => {
  matcher = new OpenApiMatcher((await engine.call('GET /openapi.json', null)).body as never);
  tenant = await engine.tenant({
    brand: 'Acme',
    hosted: { theme: { accent: '#b00020' }, texts: { en: { 'code.title': 'Your code, please' } } },
  });
});

async function preview(body: object, key = tenant.key) {
  const response = await fetch(`${engine.apps[0]!.url}/v1/hosted-verifications/preview`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const errorsOf = async (body: object) => {
  const { status, text } = await preview(body);
  const problem = JSON.parse(text) as { errors: { path: string; message: string }[] };
  matcher.expectMatches('post', '/v1/hosted-verifications/preview', status, problem);
  return problem.errors;
};

describe('previewing the hosted page', () => {
  it('shows it with the theme and the sentences of the application', async () => {
    const { status, headers, text } = await preview({ screen: 'code' });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toMatch(/^<!doctype html><html lang="en" dir="ltr">/);
    expect(text).toContain('Your code, please');
    expect(text).toContain('--sd-accent:#b00020');
    expect(text).toContain('Acme');
  });

  it('shows what is on trial, and saves nothing', async () => {
    const trial = {
      screen: 'number',
      locale: 'ar',
      brand: 'متجر',
      theme: { radius: 0 },
      texts: { 'number.text': 'رمز من {brand}' },
    };
    const { text } = await preview(trial);
    expect(text).toContain('lang="ar" dir="rtl"');
    expect(text).toContain('رمز من متجر');
    expect(text).toContain('--sd-radius:0px');
    expect(text).toContain('--sd-accent:#b00020');
    expect((await preview({ screen: 'number', locale: 'ar' })).text).not.toContain('رمز من متجر');
  });

  // Catches: a preview that runs a script of whoever wrote the name, or that sends what is typed into it.
  it('runs nothing, sends nothing and leads nowhere', async () => {
    const attack = '<script>alert(1)</script>';
    const { headers, text } = await preview({
      screen: 'confirm',
      brand: attack,
      contact: '"><img src=x onerror=alert(1)>',
      texts: { 'confirm.title': attack },
    });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(
      /^sandbox; default-src 'none'; style-src http:\/\/127\.0\.0\.1:\d+ 'nonce-[^']+'; img-src/,
    );
    expect(policy).not.toContain('script-src');
    expect(text).not.toMatch(/<script|<img src=x/);
    expect(text).toContain('&lt;script');
  });

  it('refuses what saving would refuse, with the place', async () => {
    expect(await errorsOf({ screen: 'code', theme: { accent: '#ffff00' } })).toEqual([
      {
        path: 'theme.accent',
        message: expect.stringMatching(/The nearest that passes is #[0-9a-f]{6}\.$/) as string,
      },
    ]);
    expect(await errorsOf({ screen: 'code', texts: { 'code.sent.sms': 'Sent' } })).toMatchObject([
      { path: 'texts.code.sent.sms' },
    ]);
    expect(await errorsOf({ screen: 'nowhere' })).toMatchObject([{ path: 'screen' }]);
  });

  it('needs a key that may', async () => {
    const { body } = await engine.admin(`POST /v1/applications/${tenant.id}/keys`, {
      scopes: ['audit:read'],
    });
    expect((await preview({ screen: 'code' }, String(body['key']))).status).toBe(403);
  });
});
