/** Everything in `checks/`, by name. Written by `npm run gen`; do not edit. */
import type { RiskCheckDefinition } from './check';
import hcaptchaCheck from './checks/hcaptcha';
import httpCheck from './checks/http';
import proofOfWorkCheck from './checks/proof-of-work';
import simSwapCheck from './checks/sim-swap';
import turnstileCheck from './checks/turnstile';

export const checks: Readonly<Record<string, RiskCheckDefinition>> = {
  hcaptcha: hcaptchaCheck,
  http: httpCheck,
  'proof-of-work': proofOfWorkCheck,
  'sim-swap': simSwapCheck,
  turnstile: turnstileCheck,
};
