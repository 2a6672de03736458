/** What an application may set about the way of its messages; `applications` composes its settings from it. */
import { z } from 'zod';
import { channels } from '../../common/channel';
import { purposeName } from '../../common/purpose.dto';
import { gatewayName } from '../gateway-name';
import { patchOf } from '../../common/zod-patch';

const routes = z.string().min(1).max(2_000);

const channelRoutes = { voice: routes, whatsapp: routes, email: routes };

const delivery = {
  onUnknown: z.enum(['failover', 'wait', 'repeat']),
  maxCalls: z.int().min(1).max(10),
  attemptTimeoutMs: z.int().min(1_000).max(10_000),
  deadlineMs: z.int().min(1_000).max(20_000),
  failoverWithinSeconds: z.int().min(0).max(3_600),
};

const channelOrder = z
  .array(z.strictObject({ channel: z.enum(channels), waitSeconds: z.int().min(10).max(600) }))
  .min(1)
  .max(channels.length)
  .refine(
    (waits) => new Set(waits.map(({ channel }) => channel)).size === waits.length,
    'Must name each channel at most once.',
  );

const sender = z
  .strictObject({
    gateway: gatewayName.describe('A gateway, or an account of one'),
    channel: z.enum(channels).optional().describe('Absent: sms'),
    purpose: purposeName.optional().describe('Absent: every purpose'),
    from: z
      .string()
      .min(1)
      .max(2_000)
      .describe(
        'One sender, or one for each country: `US:+12015550123;*:ACME`; only such as the operator allows',
      ),
  })
  .meta({ id: 'SenderSetting' });

export const routeFields = {
  routes,
  channels: channelOrder,
  channelRoutes: z.strictObject(channelRoutes).partial(),
  delivery: z.strictObject(delivery).partial(),
  senders: z.array(sender).max(50),
};

/** The same for a change. */
export const routePatchFields = {
  ...routeFields,
  channelRoutes: patchOf(channelRoutes),
  delivery: patchOf(delivery),
};
