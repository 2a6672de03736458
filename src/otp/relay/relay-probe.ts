import type { ReadinessProbe } from '../../common/readiness';

/**
 * Shows in `/health/ready` how far the sinks are behind what this process has written. It never fails: a log that lags
 * is a reason to look, not to turn away people who type a code.
 */
export const relayProbe = (relay: { readonly lagMs: number }): ReadinessProbe => ({
  name: 'relay',
  check: () => Promise.resolve({ ok: true, details: { lagSeconds: Math.round(relay.lagMs / 100) / 10 } }),
});
