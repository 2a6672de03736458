import type { HostedSettings } from '../brand/hosted-settings';
import type { DomainError } from '../common/errors';
import { invalidField } from '../common/validation';
import type { SendSettings } from '../limits/send-settings';
import type { PolicySettings } from '../otp/policy/effective-policy';
import type { PhonePolicy } from '../phone/phone-policy';
import type { TestNumbers } from '../phone/test-numbers';
import type { RouteSettings } from '../sms/settings/route-settings';
import type { TextSettings } from '../sms/settings/text-settings';

export const MAX_PURPOSES = 20;

/** Everything an application may set; all optional, defaults apply at use. Each feature owns its part. */
export interface ApplicationSettings
  extends
    TextSettings,
    PhonePolicy,
    TestNumbers,
    RouteSettings,
    PolicySettings,
    SendSettings,
    HostedSettings {
  /** None of its keys works. */
  readonly disabled?: boolean;
}

/** A tenant's app or environment. Nothing is shared between two of them. */
export interface Application {
  readonly id: string;
  readonly name: string;
  readonly settings: ApplicationSettings;
  /** Hash of the picture that pages show; absent: none. */
  readonly logo?: string;
  readonly createdAt: Date;
  /** Purposes seen so far; with those in the settings at most 20 per application. */
  readonly purposes: readonly string[];
}

/** Every purpose that counts towards the limit: those used so far and those with settings of their own. */
export function knownPurposes(application: Pick<Application, 'settings' | 'purposes'>): Set<string> {
  return new Set([...application.purposes, ...Object.keys(application.settings.purposes ?? {})]);
}

/** Whether the application may be used with this purpose: one of those that count, or one more. */
export function hasRoomFor(
  purpose: string,
  application: Pick<Application, 'settings' | 'purposes'>,
): boolean {
  return knownPurposes(application).add(purpose).size <= MAX_PURPOSES;
}

export function tooManyPurposes(): DomainError {
  const limit = `An application has at most ${MAX_PURPOSES} purposes`;
  return invalidField('purpose', `${limit}: they are fixed words such as "login", never data.`);
}
