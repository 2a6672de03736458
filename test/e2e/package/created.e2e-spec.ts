import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  createSixdigit,
  CurrentPrincipal,
  defineGateway,
  type Principal,
  Public,
  RequireScope,
  VerificationService,
  z,
} from '../../../src/package/sixdigit';
import { useDatabase } from '../../support/mongo';

jest.setTimeout(60_000);
const mongo = useDatabase();
const apiKey = randomBytes(32).toString('hex');
const codes: string[] = [];

const pigeon = defineGateway({
  name: 'pigeon',
  docs: { title: 'Pigeon', verified: 'Never.', receipts: 'None.' },
  validity: { sms: { none: 'A pigeon does not look back.' } },
  config: z.strictObject({ loft: z.string().describe('Where it lives.') }),
  create: ({ loft }) => ({
    send: (message) => {
      codes.push(`${loft}:${message.code}`);
      return Promise.resolve({ outcome: 'accepted' });
    },
  }),
});

@Controller('login')
class LoginController {
  constructor(private readonly verifications: VerificationService) {}

  @Post()
  @Public()
  async start(@Body({ schema: z.strictObject({ phone: z.string() }) }) { phone }: { phone: string }) {
    const { id } = await this.verifications.start({ to: phone, purpose: 'login' }, { waitSeconds: 5 });
    return { id };
  }

  @Get('mine')
  @RequireScope('verifications:read')
  mine(@CurrentPrincipal() { applicationId }: Principal): object {
    return { applicationId };
  }

  @Get('forgotten')
  forgotten(): object {
    return {};
  }
}

@Module({ controllers: [LoginController] })
class LoginModule {}

describe('Sixdigit with a module of others', () => {
  let folder = '';
  let app: NestFastifyApplication;
  let url = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sixdigit-create-'));
    app = await createSixdigit({
      env: {
        NODE_ENV: 'development',
        MONGODB_URI: mongo.uri,
        DATA_DIR: folder,
        BOOTSTRAP_API_KEY: apiKey,
        LOG_LEVEL: 'silent',
        SMS_ROUTES: '*:pigeon',
        SMS_PIGEON_LOFT: 'roof',
      },
      gateways: [pigeon],
      imports: [LoginModule],
    });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  });

  const call = (method: string, path: string, body?: object, key?: string): Promise<Response> =>
    fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
      ...(body && { body: JSON.stringify(body) }),
    });

  it('sends by a gateway that was handed in, for a controller that was', async () => {
    const started = await call('POST', '/login', { phone: '+34600000001' });
    expect(started.status).toBe(201);
    const code = codes[0]?.split(':')[1] ?? '';
    expect(codes[0]).toMatch(/^roof:\d{6}$/);
    const { id } = (await started.json()) as { id: string };
    const checked = await call('POST', `/v1/verifications/${id}/checks`, { code }, apiKey);
    expect(await checked.json()).toMatchObject({ valid: true });
  });

  it('checks bodies by their schemas, and answers errors as problems', async () => {
    const answer = await call('POST', '/login', { phone: 1 });
    expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ path: 'phone' }] }]);
    expect(await (await call('POST', '/login', { phone: 'junk' })).json()).toMatchObject({
      code: 'phone_invalid',
    });
  });

  // Catches: routes of others that are open because nobody said anything.
  it('opens a route of others only to whom it names', async () => {
    expect((await call('GET', '/login/forgotten')).status).toBe(403);
    expect((await call('GET', '/login/forgotten', undefined, apiKey)).status).toBe(403);
    expect((await call('GET', '/login/mine')).status).toBe(401);
    expect(await (await call('GET', '/login/mine', undefined, apiKey)).json()).toEqual({
      applicationId: 'default',
    });
  });

  it('refuses a gateway whose name is taken', async () => {
    const twilio = { ...pigeon, name: 'twilio' };
    await expect(createSixdigit({ env: {}, gateways: [twilio] })).rejects.toThrow(/twilio/);
  });
});
