import type { View } from '../../web/verify/contract';
import { themeOf } from '../../src/brand/theme/theme';
import type { Process } from '../../src/hosted/process/process';
import type { Scene } from '../../src/hosted/view/view';
import { defaultPolicy } from '../../src/otp/policy/policy';
import type { VerificationView } from '../../src/otp/verifications/read/verification.view';

export const NOON = new Date('2026-01-01T12:00:00Z');
export const later = (seconds: number): Date => new Date(NOON.getTime() + seconds * 1000);

/** As a backend began it at noon: the person types the number. */
export function aProcess({
  personal,
  ...other
}: Partial<Omit<Process, 'personal'>> & { personal?: Partial<Process['personal']> } = {}): Process {
  return {
    id: 'PPPPPPPPPPPPPPPPPPPPPP',
    v: 0,
    applicationId: 'app',
    keyId: 'key',
    purpose: 'login',
    surface: 'page',
    origin: null,
    returnUrl: 'https://shop.example/back?order=17',
    cancelUrl: 'https://shop.example/',
    locale: null,
    channels: null,
    country: null,
    createdAt: NOON,
    expiresAt: later(1800),
    status: 'open',
    visitor: null,
    hasSent: false,
    messages: 0,
    operation: null,
    code: null,
    approvedAt: null,
    redeemed: null,
    personal: {
      to: null,
      isTyped: false,
      email: null,
      transaction: null,
      state: null,
      metadata: null,
      ...personal,
    },
    ...other,
  };
}

/** A message went out for `ana`, who had typed the number. */
export function aSentProcess(other: Parameters<typeof aProcess>[0] = {}): Process {
  return aProcess({
    visitor: 'ana',
    hasSent: true,
    messages: 1,
    code: { verificationId: 'V', sends: 1, sentAt: NOON, channel: 'sms', hadWrong: false },
    ...other,
    personal: { to: '+34600123456', isTyped: true, ...other.personal },
  });
}

export function aVerification(other: Partial<VerificationView> = {}): VerificationView {
  return {
    id: 'V',
    status: 'pending',
    to: '+34600123456',
    email: null,
    clientIp: null,
    country: 'ES',
    purpose: 'login',
    channel: 'sms',
    codeLength: 6,
    test: false,
    createdAt: NOON,
    expiresAt: later(600),
    endedAt: null,
    checks: { used: 0, max: 5 },
    sends: { used: 1, max: 5, nextAt: later(30) },
    deliveries: [aDelivery('accepted')],
    duplicates: 0,
    cost: { estimated: [], reported: [] },
    transaction: null,
    digest: null,
    metadata: null,
    ...other,
  };
}

export function aDelivery(state: VerificationView['deliveries'][number]['state']) {
  return {
    id: 'D',
    channel: 'sms' as const,
    provider: 'http',
    state,
    attemptedAt: NOON,
    errorCode: null,
    parts: 1,
    duplicates: 0,
    attempts: [],
  };
}

const brand: View['brand'] = { name: 'Acme', contact: null, logoUrl: null, theme: themeOf() };

export function aScene(other: Partial<Scene> = {}): Scene {
  return {
    process: aProcess(),
    standing: 'open',
    verification: null,
    channels: ['sms', 'voice'],
    policy: defaultPolicy,
    allowedCountries: null,
    resultToken: null,
    trouble: {},
    locale: 'en',
    direction: 'ltr',
    brand,
    now: later(10),
    operation: 'op',
    formToken: 'form',
    autoSubmit: true,
    ...other,
  };
}
