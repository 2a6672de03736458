import { createHmac, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { defineRiskCheck, type RiskCall, type RiskVerdict } from '../check';
import { askService } from '../protocols/ask';

const config = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), 'must not hold credentials')
    .describe('Address that is asked'),
  secret: z
    .string()
    .min(32, 'must have at least 32 characters; try: openssl rand -base64 32')
    .describe('Key of the signature, at least 32 characters')
    .meta({ secret: true }),
});

export default defineRiskCheck({
  name: 'http',
  asksThePerson: false,
  docs: {
    title: 'A service of your own',
    does:
      'Asks your service by a signed `POST`, which answers `{"verdict": "allow" | "deny" | "step_up"}`. It gets the ' +
      'number, country, channel, purpose, `clientIp` and `deviceId`: it is part of your own house, or a processor of ' +
      'this data.',
    verified: 'Over real sockets against an emulator.',
  },
  config,
  create: ({ url, secret }, { http, clock }) => ({
    check: (call, signal) => {
      const body = bodyOf(call);
      const headers = { 'content-type': 'application/json', ...signed(body, secret, clock.now()) };
      return askService(http, { method: 'POST', url, headers, body, signal }, ({ status, body: answer }) =>
        status < 300 ? verdictOf(answer['verdict']) : null,
      );
    },
  }),
});

/** Named one by one: what else a call may hold one day is not told to others by itself. */
function bodyOf({ applicationId, purpose, number, country, channel, clientIp, deviceId }: RiskCall): string {
  return JSON.stringify({ applicationId, purpose, to: number, country, channel, clientIp, deviceId });
}

/**
 * The headers of Standard Webhooks 1.0, for which there are libraries: id, seconds and body, with points between
 * them, under HMAC-SHA256. The secret is used as it is written, whereas theirs are base64 behind `whsec_`.
 */
function signed(body: string, secret: string, now: number): Record<string, string> {
  const id = randomUUID();
  const timestamp = String(Math.floor(now / 1000));
  const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}

function verdictOf(word: unknown): RiskVerdict | null {
  if (word === 'allow') return { verdict: 'allow' };
  if (word === 'deny') return { verdict: 'deny', reason: 'denied' };
  return word === 'step_up' ? { verdict: 'step_up', reason: 'asked' } : null;
}
