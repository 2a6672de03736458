/** What a policy comes to, and what the standards say of it. */
import type { ApplicationSettings } from '../../applications/application';
import type { Channel } from '../../common/channel';
import { conformanceOf, type SourcedVerdict } from '../../otp/policy/conformance';
import { policyFor } from '../../otp/policy/effective-policy';
import type { Policy } from '../../otp/policy/policy';
import type { Profile } from '../../otp/policy/profile';
import type { Facts } from '../../otp/policy/clause';

/** The telephone network is a restricted channel: NIST SP 800-63B-4 §3.2.9. */
const telephoneNetwork: readonly Channel[] = ['sms', 'voice'];

export interface PolicyReport {
  readonly purpose: string;
  readonly effective: Policy & {
    readonly profile: Profile | null;
    /** Some of the allowed channels are restricted authenticators. */
    readonly restricted: boolean;
  } & Facts;
  readonly clauses: readonly SourcedVerdict[];
}

/** What a report depends on besides the settings. */
export interface Surroundings extends Facts {
  /** Whether a gateway is routed for a channel, by the application's own routes or the server's. */
  readonly isRouted: (channel: Channel) => boolean;
}

export function policyReport(
  settings: ApplicationSettings,
  purpose: string,
  { isRouted, ...facts }: Surroundings,
): PolicyReport {
  const policy = policyFor(settings, purpose);
  // A text without a route is a delivery that fails, not a channel that is off.
  const usable = policy.allowedChannels.filter((channel) => channel === 'sms' || isRouted(channel));
  const inForce = { ...policy, allowedChannels: usable };
  const restricted = usable.some((channel) => telephoneNetwork.includes(channel));
  return {
    purpose,
    effective: { profile: settings.profile ?? null, ...inForce, restricted, ...facts },
    clauses: conformanceOf(inForce, facts),
  };
}
