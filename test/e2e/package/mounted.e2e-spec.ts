import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BadRequestException,
  type CanActivate,
  Controller,
  Get,
  Global,
  Inject,
  Injectable,
  Logger,
  Module,
} from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_GUARD, type HttpAdapterHost, NestFactory } from '@nestjs/core';
import { getConnectionToken, MongooseModule } from '@nestjs/mongoose';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ScheduleModule } from '@nestjs/schedule';
import type { Connection } from 'mongoose';
import {
  AuditService,
  PhoneService,
  SixdigitModule,
  VerificationService,
} from '../../../src/package/sixdigit';
import { MountedSixdigit } from '../../../src/package/mount/mounted';
import { useDatabase } from '../../support/mongo';

jest.setTimeout(60_000);
const mongo = useDatabase();
const [apiKey, adminKey] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];

@Injectable()
class DenyEverything implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

class RefuseEverything {
  transform(): never {
    throw new BadRequestException();
  }
}

@Controller()
class HostController {
  @Get('health')
  health(): object {
    return { of: 'the host' };
  }
}

@Injectable()
class Shop {
  constructor(
    readonly verifications: VerificationService,
    readonly phones: PhoneService,
    readonly audit: AuditService,
    @Inject(getConnectionToken()) readonly connection: Connection,
  ) {}
}

@Global()
@Module({
  controllers: [HostController],
  providers: [Shop, { provide: APP_GUARD, useClass: DenyEverything }],
})
class ShopModule {}

/** A host with everything that could get into our way. */
@Module({})
class HostModule {
  static with(env: Record<string, string>, prefix: string | null) {
    return {
      module: HostModule,
      imports: [
        ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true }),
        ScheduleModule.forRoot(),
        MongooseModule.forRoot(mongo.uri, { dbName: `${mongo.name}_host` }),
        ShopModule,
        SixdigitModule.registerAsync({ useFactory: () => Promise.resolve({ env, prefix }) }),
      ],
    };
  }
}

describe('Sixdigit mounted into another application', () => {
  let folder = '';
  let app: NestFastifyApplication;
  let url = '';
  const lines: string[] = [];

  const call = (path: string, init: RequestInit = {}) =>
    fetch(url + path, {
      ...init,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...init.headers },
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sixdigit-mount-'));
    const env = {
      NODE_ENV: 'development',
      MONGODB_URI: mongo.uri,
      DATA_DIR: folder,
      BOOTSTRAP_API_KEY: apiKey,
      ADMIN_KEY: adminKey,
      LOG_LEVEL: 'silent',
      PUBLIC_URL: 'https://shop.example',
    };
    const line = (message: unknown): void => void lines.push(String(message));
    app = await NestFactory.create<NestFastifyApplication>(
      HostModule.with(env, '/otp'),
      new FastifyAdapter(),
      {
        logger: { log: line, error: line, warn: line },
        abortOnError: false,
      },
    );
    app.setGlobalPrefix('api');
    app.useGlobalPipes(new RefuseEverything());
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterAll(async () => {
    await app.get<Connection>(getConnectionToken()).dropDatabase();
    await app.close();
    await rm(folder, { recursive: true, force: true });
  });

  // Catches: guards, pipes, prefixes and body parsers of the host that reach us, and links that forget the prefix.
  it('answers under its prefix, past everything of the host', async () => {
    const created = await call('/otp/v1/verifications', {
      method: 'POST',
      body: JSON.stringify({ to: '+34600000001' }),
    });
    expect(created.status).toBe(201);
    const { id } = (await created.json()) as { id: string };
    expect(created.headers.get('location')).toBe(`/otp/v1/verifications/${id}`);
    expect((await call(`/otp/v1/verifications/${id}`)).status).toBe(200);
    expect(created.headers.get('x-request-id')).not.toBeNull();
    const broken = await call('/otp/v1/verifications', { method: 'POST', body: '{' });
    expect([broken.status, await broken.json()]).toMatchObject([400, { code: 'invalid_request' }]);
  });

  it.each([
    ['GET', '/otp/health/ready', 200],
    ['GET', '/otp/nowhere', 404],
    ['GET', '/otp', 404],
    ['HEAD', '/otp/health/live', 200],
    ['OPTIONS', '/otp/v1/verifications', 405],
    ['GET', '/otp/docs', 200],
  ])('answers %s %s itself: %i', async (method, path, status) => {
    const answer = await call(path, { method });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-request-id')).not.toBeNull();
  });

  // Catches: guards and filters of ours that reach the host.
  it('leaves the host its own ways', async () => {
    const answer = await call('/api/health');
    expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining({ statusCode: 403 })]);
    expect((await call('/health')).headers.get('content-type')).toMatch(/^application\/json/);
    expect(app.get(Shop).connection.name).toBe(`${mongo.name}_host`);
  });

  it('links to itself under the prefix', async () => {
    const document = (await (await call('/otp/openapi.json')).json()) as { servers: { url: string }[] };
    expect(document.servers[0]?.url).toBe('https://shop.example/otp');
  });

  // Catches: assets, forms and ways back that lead out of the prefix.
  it('shows its page under the prefix', async () => {
    const settings = { hosted: { returnUrls: ['https://shop.example/back'] } };
    const patched = await call('/otp/v1/applications/default', {
      method: 'PATCH',
      body: JSON.stringify({ settings }),
      headers: { authorization: `Bearer ${adminKey}` },
    });
    expect(patched.status).toBe(200);
    const begun = await call('/otp/v1/hosted-verifications', {
      method: 'POST',
      body: JSON.stringify({ returnUrl: 'https://shop.example/back' }),
    });
    const { url: link } = (await begun.json()) as { url: string };
    expect(link).toMatch(/^https:\/\/shop\.example\/otp\/verify\//);
    const page = await (await call(new URL(link).pathname)).text();
    const inside = [...page.matchAll(/(?:action|src|href)="(\/[^"]*)"/g)].map(([, path]) => path ?? '');
    expect(inside).not.toEqual([]);
    expect(inside.filter((path) => !path.startsWith('/otp/'))).toEqual([]);
  });

  it('gives its services to the host, in the words of the API', async () => {
    const { verifications, phones, audit } = app.get(Shop);
    const started = await verifications.start({ to: '+34600000002' });
    expect(started).toMatchObject({ status: 'pending', outcome: 'started', to: '+34600000002' });
    const checked = await verifications.check(started.id, { code: '000000' });
    expect(checked.checks.used).toBe(1);
    await verifications.cancel(started.id);
    expect((await verifications.get(started.id)).status).toBe('canceled');
    expect((await verifications.list({ to: '+34600000002' })).data).toBeInstanceOf(Array);
    expect(await phones.validate({ to: '600 000 002', country: 'es' })).toMatchObject({
      valid: true,
      e164: '+34600000002',
    });
    expect((await audit.list({ verificationId: started.id })).data).toBeInstanceOf(Array);
  });

  it('throws errors that carry codes', async () => {
    const { verifications } = app.get(Shop);
    await expect(verifications.start({ to: 'junk' })).rejects.toMatchObject({
      name: 'SixdigitError',
      code: 'phone_invalid',
      details: { reason: 'not_a_number', errors: [{ path: 'to' }] },
    });
    await expect(verifications.start({ to: '+34600000003', nonsense: 1 } as never)).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await expect(verifications.get('x', { applicationId: 'nobody' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  // Catches: Nest's one logger, taken by whoever boots last.
  it('leaves the host its log, and keeps its own lines out of it', () => {
    expect(lines.some((line) => line.includes('DatabaseModule') || line.includes('v1/verifications'))).toBe(
      false,
    );
    lines.length = 0;
    new Logger('Shop').warn('a line of the host');
    expect(lines).toEqual(['a line of the host']);
  });
});

describe('a host on which Sixdigit cannot start', () => {
  const quiet = { logger: false, abortOnError: false } as const;
  const start = (env: Record<string, string>, prefix: string | null) =>
    NestFactory.create(SixdigitModule.register({ env, prefix }), new FastifyAdapter(), quiet);

  it('fails to start, with every setting that is wrong', async () => {
    await expect(start({ PORT: 'x' }, null)).rejects.toMatchObject({ name: 'SettingsError' });
  });

  it.each(['otp', '/otp/', '/', '/o tp'])('refuses the prefix %j', async (prefix) => {
    await expect(start({}, prefix)).rejects.toThrow(/prefix must be a path such as \/otp/);
  });

  // Catches: two answers to one VerificationService, of which the later one wins.
  it('refuses to be registered twice', async () => {
    const imports = [1, 2].map((port) => SixdigitModule.register({ env: { PORT: `x${port}` } }));
    await expect(
      NestFactory.createApplicationContext({ module: HostModule, imports }, quiet),
    ).rejects.toThrow('SixdigitModule is registered twice in one application.');
  });

  // Catches: a prefix on Express, under which nothing would answer.
  it('refuses routes on Express, and says what works there', async () => {
    const express = { httpAdapter: { getType: () => 'express' } } as HttpAdapterHost;
    await expect(MountedSixdigit.open({ env: {}, prefix: '/otp' }, express)).rejects.toThrow(
      /this one is on: express. With prefix: null there are no routes/,
    );
    await expect(MountedSixdigit.open({ env: { PORT: 'x' } }, express)).rejects.toMatchObject({
      name: 'SettingsError',
    });
  });

  it('refuses routes without Fastify', async () => {
    await expect(
      NestFactory.createApplicationContext(SixdigitModule.register({ env: {}, prefix: '/otp' }), quiet),
    ).rejects.toThrow(/need an application on Fastify; this one is on: none. With prefix: null/);
  });
});
