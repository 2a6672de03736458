import { z } from 'zod';
import { baseUrlSetting } from '../../../common/outbound/base-url';
import { defineRiskCheck } from '../check';
import { hostnamesSetting, verifyAnswer } from '../protocols/site-verify';

/** By Cloudflare's documents of siteverify, May 2026. */
const config = z.strictObject({
  siteKey: z.string().min(1).describe('Site key of the widget; public'),
  secret: z.string().min(1).describe('Secret key of the widget').meta({ secret: true }),
  hostnames: hostnamesSetting(),
  action: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 of A-Z, a-z, 0-9, _ and -')
    .optional()
    .describe(
      'Action with which the widget must be shown, so that an answer from another form does not count',
    ),
  baseUrl: baseUrlSetting('https://challenges.cloudflare.com'),
});

export default defineRiskCheck({
  name: 'turnstile',
  asksThePerson: true,
  docs: {
    title: 'Cloudflare Turnstile',
    does:
      'Shows a widget that mostly asks nothing. Cloudflare gets the answer and `clientIp`, never the number. The ' +
      'challenge is `{siteKey, action?}`: show the widget with them and hand its token on.',
    verified:
      'Over real sockets against an emulator of the documented answers; not against a live account. Cloudflare’s ' +
      'test keys accept everything: they are for development only.',
  },
  config,
  create: ({ siteKey, secret, hostnames, action, baseUrl }, { http }) => {
    const url = `${baseUrl.replace(/\/+$/, '')}/turnstile/v0/siteverify`;
    const site = { url, secret, hostnames, expected: { action }, maxAnswer: 2_048 };
    return {
      check: (call, signal) => verifyAnswer(http, site, call, signal),
      challenge: () => ({ siteKey, ...(action === undefined ? {} : { action }) }),
    };
  },
});
