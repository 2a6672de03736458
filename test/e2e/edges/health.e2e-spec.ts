import { setTimeout as sleep } from 'node:timers/promises';
import { type CanActivate, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { MongooseModule } from '@nestjs/mongoose';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AccessRequest } from '../../../src/access/access.decorators';
import { createApp } from '../../../src/app.setup';
import { ShutdownState } from '../../../src/common/shutdown-state';
import { createLogger } from '../../../src/common/logging/logger';
import { type ProbeResult, Readiness } from '../../../src/common/readiness';
import { HealthModule } from '../../../src/health/health.module';
import { openApiDocument } from '../../../src/openapi/openapi-document';
import { edgeSettings } from '../../support/edge-app';
import { testServerUri } from '../../support/mongo';
import { OpenApiMatcher } from '../../support/openapi-match';
import { TcpProxy } from '../../support/tcp-proxy';

let proxy: TcpProxy;
let app: NestFastifyApplication;
let probe: () => Promise<ProbeResult>;

beforeEach(async () => {
  proxy = await TcpProxy.start(Number(new URL(testServerUri()).port));
  const uri = proxy.mongoUri('health');

  @Module({
    imports: [MongooseModule.forRoot(uri, { serverSelectionTimeoutMS: 2000 }), HealthModule],
    providers: [{ provide: APP_GUARD, useValue: operatorByHeader }],
  })
  class AppModule {}

  app = await createApp(AppModule, { settings: edgeSettings, logger: createLogger('silent') });
  await app.init();
  probe = () => Promise.resolve({ ok: true, details: { lagMs: 3 } });
  app.get(Readiness).add({ name: 'jobs', check: () => probe() });
});
afterEach(async () => {
  await app.close();
  await proxy.close();
});

/** Stands for the guards of access, which know the admin key. */
const operatorByHeader: CanActivate = {
  canActivate: (context) => {
    const request = context.switchToHttp().getRequest<AccessRequest>();
    request.isOperator = request.headers.authorization === 'operator';
    return true;
  },
};

interface Ready {
  readonly status: number;
  readonly body: {
    code?: string;
    detail?: string;
    errors?: { path: string; message: string }[];
    requestId?: string;
  };
}

async function ready(authorization = 'operator'): Promise<Ready> {
  const { statusCode, body } = await app.inject({ url: '/health/ready', headers: { authorization } });
  const parsed = JSON.parse(body) as Ready['body'];
  new OpenApiMatcher(openApiDocument(app)).expectMatches('get', '/health/ready', statusCode, parsed);
  return { status: statusCode, body: parsed };
}

describe('/health/live', () => {
  it('is fine as long as the process runs, whatever the database does', async () => {
    proxy.swallowAnswers();
    const answer = await app.inject({ url: '/health/live' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ status: 'ok' });
  });
});

describe('/health/ready', () => {
  // Catches: details in the answer to anybody else, when all is well or when it is not.
  it('tells strangers whether, and nothing more', async () => {
    expect(await ready('stranger')).toEqual({ status: 200, body: { status: 'ok' } });
    probe = () => Promise.resolve({ ok: false, details: { lagMs: 90_000 } });
    const { status, body } = await ready('stranger');
    expect([status, body.code, body.errors]).toEqual([503, 'unavailable', undefined]);
    // A request id may have any digits.
    const { requestId: _, ...told } = body;
    expect(JSON.stringify(told)).not.toMatch(/jobs|lag|90/);
  });

  it('shows the operator each check and what it found', async () => {
    expect(await ready()).toMatchObject({
      status: 200,
      body: { status: 'ok', checks: { mongodb: { status: 'up' }, jobs: { status: 'up', lagMs: 3 } } },
    });
  });

  // Catches: no limit, and one that is longer: what comes after 1.9 s is not waited for either.
  it('is 503 within two seconds when the database does not answer, and fine again afterwards', async () => {
    proxy.swallowAnswers();
    const isWell = probe;
    probe = () => sleep(1_900).then(isWell);
    expect(await ready()).toMatchObject({
      status: 503,
      body: {
        code: 'unavailable',
        errors: [
          { path: 'mongodb', message: 'no answer' },
          { path: 'jobs', message: 'no answer' },
        ],
      },
    });
    probe = isWell;
    proxy.heal();
    while ((await ready()).status !== 200) await sleep(100);
  });

  it('names the probe that is down, hangs or throws, and not what it threw', async () => {
    probe = () => Promise.resolve({ ok: false, details: { lagMs: 90_000 } });
    expect((await ready()).body.errors).toEqual([{ path: 'jobs', message: 'lagMs 90000' }]);
    probe = () => new Promise(() => undefined);
    expect((await ready()).body.errors).toEqual([{ path: 'jobs', message: 'no answer' }]);
    probe = () => Promise.reject(new Error('mongodb://user:pa55word@db'));
    const answer = await ready();
    expect(answer.body.errors).toEqual([{ path: 'jobs', message: 'no answer' }]);
    expect(JSON.stringify(answer)).not.toContain('pa55word');
  });

  it('is 503 from the moment the process goes down (fails when only the database is asked)', async () => {
    app.get(ShutdownState).begin();
    expect(await ready()).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  });
});
