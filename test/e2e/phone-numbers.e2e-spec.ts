import { Writable } from 'node:stream';
import { Global, Module, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PhoneSettings, ServerSettings } from '../../config/settings';
import { createApp } from '../../src/app.setup';
import type { AccessRequest } from '../../src/access/access.decorators';
import { ApplicationsService } from '../../src/applications/applications.service';
import { Clock, systemClock } from '../../src/common/clock';
import { createLogger } from '../../src/common/logging/logger';
import { PhoneNumbersController } from '../../src/operator/phone-numbers/phone-numbers.controller';
import { PhoneModule } from '../../src/phone/phone.module';
import { edgeSettings } from '../support/edge-app';
import { OpenApiMatcher } from '../support/openapi-match';

/** Everybody is an application that may text Spain. */
class AsSpain implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getRequest<AccessRequest>().principal = {
      applicationId: 'a',
      keyId: 'k',
      scopes: ['verifications:read'],
      actor: 'key:k',
    };
    return true;
  }
}

@Global()
@Module({
  providers: [
    { provide: PhoneSettings, useValue: { defaultCountry: 'ES' } },
    { provide: ServerSettings, useValue: edgeSettings },
    { provide: Clock, useValue: systemClock },
    { provide: APP_GUARD, useClass: AsSpain },
  ],
  exports: [PhoneSettings, ServerSettings, Clock],
})
class TestSettingsModule {}

/** The one application that there is. */
const applications: Pick<ApplicationsService, 'current'> = {
  current: async (id) => ({
    id,
    name: 'a',
    settings: { allowedCountries: ['ES'] },
    createdAt: new Date(0),
    purposes: [],
  }),
};

@Module({
  imports: [TestSettingsModule, PhoneModule],
  controllers: [PhoneNumbersController],
  providers: [{ provide: ApplicationsService, useValue: applications }],
})
class PhoneTestModule {}

let app: NestFastifyApplication;
let matcher: OpenApiMatcher;
beforeAll(async () => {
  const silent = createLogger('silent', new Writable({ write: (_chunk, _encoding, done) => done() }));
  app = await createApp(PhoneTestModule, { settings: edgeSettings, logger: silent });
  await app.init();
  matcher = new OpenApiMatcher((await app.inject({ url: '/openapi.json' })).json());
});
afterAll(() => app.close());

const url = '/v1/phone-numbers/validate';
const validate = async (payload: object) => {
  const response = await app.inject({ method: 'POST', url, payload });
  const body: Record<string, unknown> = response.json();
  matcher.expectMatches('post', url, response.statusCode, body);
  return { status: response.statusCode, body };
};

describe('POST /v1/phone-numbers/validate', () => {
  it('tells everything about a number in national form', async () => {
    expect(await validate({ number: '600 12 34 56' })).toEqual({
      status: 200,
      body: {
        valid: true,
        reason: null,
        e164: '+34600123456',
        national: '600 12 34 56',
        international: '+34 600 12 34 56',
        country: 'ES',
        callingCode: '34',
        type: 'mobile',
        allowed: true,
        allowedReason: null,
      },
    });
  });

  it('says what the application may not text', async () => {
    const { body } = await validate({ number: '07400 123456', country: 'gb' });
    expect(body).toMatchObject({ valid: true, e164: '+447400123456', allowed: false });
    expect(body['allowedReason']).toBe('country_not_allowed');
  });

  it('answers 200 with a reason for junk', async () => {
    for (const [payload, reason] of [
      [{ number: '' }, 'not_a_number'],
      [{ number: '+34600' }, 'too_short'],
      [{ number: '1'.repeat(200) }, 'too_long'],
      [{ number: '600123456', country: 'XX' }, 'unknown_country'],
    ] as const) {
      expect(await validate(payload)).toMatchObject({
        status: 200,
        body: { valid: false, reason, allowed: false },
      });
    }
  });

  it('takes the number as `to` as well, as every other call names it', async () => {
    const { body } = await validate({ number: '600 12 34 56' });
    expect(await validate({ to: '600 12 34 56' })).toEqual({ status: 200, body });
    expect(await validate({ to: '600 12 34 56', number: '600 12 34 56' })).toEqual({ status: 200, body });
  });

  it('refuses two different numbers and names both', async () => {
    const { status, body } = await validate({ to: '600 12 34 56', number: '600 12 34 57' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ path: 'to' }, { path: 'number' }] });
  });

  it('refuses what is not the documented body, naming the field', async () => {
    for (const [payload, path] of [
      [{}, 'to'],
      [{ to: 34600123456 }, 'to'],
      [{ number: 34600123456 }, 'number'],
      [{ number: ['+34600123456'] }, 'number'],
      [{ number: { $gt: '' } }, 'number'],
      [{ number: '1'.repeat(300) }, 'number'],
      [{ number: '+34600123456', country: 'ESP' }, 'country'],
      [{ number: '+34600123456', country: null }, 'country'],
      [{ number: '+34600123456', extra: 1 }, 'extra'],
    ] as const) {
      const { status, body } = await validate(payload);
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ path }] });
      expect(JSON.stringify(body)).not.toContain('600123456');
    }
  });
});
