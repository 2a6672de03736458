import type { SmsSettings } from '../../../config/settings';
import { someRoutes } from '../../../test/builders/routes';
import type { Principal } from '../../access/principal';
import type { DomainError } from '../../common/errors';
import { SandboxController } from './sandbox.controller';
import { sandboxQuerySchema } from './sandbox.dto';
import type { SandboxService } from './sandbox.service';

const principal: Principal = {
  applicationId: 'app-1',
  keyId: 'key-1',
  scopes: ['sandbox:read'],
  actor: 'key:key-1',
};

function setup(settings: Partial<SmsSettings> = {}) {
  const asked: unknown[] = [];
  const sandbox: Pick<SandboxService, 'list'> = {
    list: async (...args) => {
      asked.push(args);
      const sentAt = new Date('2026-01-02T03:04:05.678Z');
      return {
        data: [
          {
            id: 'm1',
            to: '+34600987123',
            channel: 'sms',
            subject: null,
            text: 't 483920',
            code: '483920',
            sentAt,
          },
        ],
        nextCursor: 'c',
      };
    },
  };
  const routed: SmsSettings = {
    sandbox: true,
    routes: someRoutes({ sms: '*:console' }),
    gateways: {},
  };
  const controller = new SandboxController(sandbox as SandboxService, { ...routed, ...settings });
  const list = (query: Record<string, string> = {}) =>
    controller.list(sandboxQuerySchema.parse(query), principal);
  return { list, asked };
}

describe('GET /v1/sandbox/messages', () => {
  it('answers the texts with the time as ISO 8601', async () => {
    expect(await setup().list()).toEqual({
      data: [
        {
          id: 'm1',
          to: '+34600987123',
          channel: 'sms',
          subject: null,
          text: 't 483920',
          code: '483920',
          sentAt: '2026-01-02T03:04:05.678Z',
        },
      ],
      nextCursor: 'c',
    });
  });

  it.each([['+34600987123'], [' 34600987123'], ['+34 600 98 71 23'], ['0034600987123']])(
    'understands the number "%s"',
    async (to) => {
      const { list, asked } = setup();
      await list({ to });
      expect(asked).toEqual([['app-1', '+34600987123', { after: null, limit: 50 }]]);
    },
  );

  it('finds what went to an e-mail address', async () => {
    const { list, asked } = setup();
    await list({ to: 'ana@example.com' });
    expect(asked).toEqual([['app-1', 'ana@example.com', { after: null, limit: 50 }]]);
  });

  it('refuses what is no number, without repeating it', async () => {
    const error = (await setup()
      .list({ to: 'nonsense-7' })
      .catch((reason: unknown) => reason)) as DomainError;
    expect(error).toMatchObject({ code: 'phone_invalid', details: { reason: 'not_a_number' } });
    expect(JSON.stringify(error.details)).not.toContain('nonsense');
  });

  it.each<[string, Partial<SmsSettings>]>([
    ['no route names the console gateway', { routes: someRoutes({ sms: '*:http' }) }],
    ['the sandbox is not allowed', { sandbox: false }],
  ])('is not there when %s', async (_name, settings) => {
    await expect(setup(settings).list()).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([{ limit: '0' }, { limit: '101' }, { limit: 'x' }, { cursor: '!' }, { unknown: '1' }])(
    'refuses the query %j',
    (query) => {
      expect(sandboxQuerySchema.safeParse(query).success).toBe(false);
    },
  );
});
