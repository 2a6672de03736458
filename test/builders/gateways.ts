import { z } from 'zod';
import type { GatewayRegistry } from '../../config/gateway-env';
import { channels } from '../../src/common/channel';

/** Gateways of every shape that settings have to deal with, for tests that are not about a real one. */
export const someGateways: GatewayRegistry = {
  console: { name: 'console', channels, config: z.object({}) },
  acme: {
    name: 'acme',
    channels: ['sms', 'voice'],
    config: z.object({
      username: z.string().describe('User name of the account'),
      token: z
        .string()
        .min(8, 'must have at least 8 characters')
        .describe('API token')
        .meta({ secret: true }),
      baseUrl: z.url('must be a URL').default('https://sms.example').describe('Where the API is'),
      maxParts: z.coerce.number().int().min(1).max(9).describe('Most parts of one text').optional(),
    }),
  },
  http: {
    name: 'http',
    config: z.object({ url: z.url('must be a URL').describe('Where texts are posted') }),
  },
  'http-json': {
    name: 'http-json',
    config: z
      .object({
        url: z.url('must be a URL').describe('Where'),
        headers: z.string().default('{}').describe('JSON object'),
      })
      .transform(({ url, headers }) => ({ url, headers: JSON.parse(headers) as Record<string, string> })),
  },
};
