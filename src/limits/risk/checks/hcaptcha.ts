import { z } from 'zod';
import { baseUrlSetting } from '../../../common/outbound/base-url';
import { defineRiskCheck } from '../check';
import { hostnamesSetting, verifyAnswer } from '../protocols/site-verify';

/** By hCaptcha's developer guide of 2026. */
const config = z.strictObject({
  siteKey: z.string().min(1).describe('Site key; public. Answers for another one are refused'),
  secret: z.string().min(1).describe('Secret key of the account').meta({ secret: true }),
  hostnames: hostnamesSetting(),
  baseUrl: baseUrlSetting('https://api.hcaptcha.com'),
});

export default defineRiskCheck({
  name: 'hcaptcha',
  asksThePerson: true,
  docs: {
    title: 'hCaptcha',
    does:
      'Shows a widget that may ask for pictures. hCaptcha gets the answer and `clientIp`, never the number. The ' +
      'challenge is `{siteKey}`: show the widget with it and hand its token on.',
    verified:
      'Over real sockets against an emulator of the documented answers; not against a live account. The score of ' +
      'Enterprise accounts is not looked at.',
  },
  config,
  create: ({ siteKey, secret, hostnames, baseUrl }, { http }) => {
    const url = `${baseUrl.replace(/\/+$/, '')}/siteverify`;
    const site = { url, secret, hostnames, more: { sitekey: siteKey }, maxAnswer: 8_192 };
    return {
      check: (call, signal) => verifyAnswer(http, site, call, signal),
      challenge: () => ({ siteKey }),
    };
  },
});
