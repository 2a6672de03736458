import type { Screen, View } from './contract';

/** A view as the server could send it, for tests and for looking at. Numbers are reserved for fiction. */
export function aView(change: Partial<View> = {}): View {
  return {
    screen: 'number',
    locale: 'en',
    direction: 'ltr',
    brand: {
      name: 'Acme',
      contact: 'help@acme.example',
      logoUrl: null,
      theme: { light: {}, dark: {} },
    },
    serverTime: '2026-11-27T14:22:10.000Z',
    number: null,
    countries: null,
    country: 'ES',
    typed: null,
    channel: 'sms',
    channels: [],
    email: null,
    codeLength: 6,
    codeAlphabet: 'numeric',
    sentAt: null,
    sends: 0,
    expiresAt: null,
    resendAt: null,
    checksLeft: null,
    ended: null,
    problem: null,
    until: null,
    challenge: null,
    transaction: null,
    continueUrl: null,
    cancelUrl: null,
    resultToken: null,
    operation: 'operation-1',
    formToken: 'form-token-1',
    autoSubmit: true,
    ...change,
  };
}

const typed = { shown: '+34 612 345 678', isOwn: true };
const underWay: Partial<View> = {
  screen: 'code',
  number: typed,
  sentAt: '2026-11-27T14:22:00.000Z',
  sends: 1,
  expiresAt: '2026-11-27T14:32:00.000Z',
  resendAt: '2026-11-27T14:22:30.000Z',
};
const cancelUrl = 'https://acme.example/cart';
const puzzle = { check: 'proof-of-work', puzzle: 'a.b', parts: 16, bits: 12, expiresAt: 'x' };

/** Every screen, with what it may show beside the plain case. */
export const madeUpViews: Readonly<Record<string, View>> = {
  number: aView(),
  'number, no country': aView({ country: null, cancelUrl }),
  'number, one country': aView({ countries: ['ES'] }),
  'number, wrong': aView({ typed: '612 34', problem: 'number_too_short', cancelUrl }),
  'number, country refused': aView({ country: 'AQ', typed: '612', problem: 'country_not_allowed' }),
  confirm: aView({ screen: 'confirm', number: { shown: '••• 678', isOwn: false } }),
  'confirm, payment': aView({
    screen: 'confirm',
    number: { shown: '••• 678', isOwn: false },
    transaction: { amount: '129.90', currency: 'EUR', payee: 'Blue Door Books' },
    cancelUrl,
  }),
  challenge: aView({ screen: 'challenge', number: typed, challenge: puzzle }),
  code: aView(underWay),
  'code, wrong': aView({ ...underWay, typed: '123456', problem: 'code_wrong', checksLeft: 3 }),
  'code, last try': aView({ ...underWay, typed: '123456', problem: 'code_wrong_last', checksLeft: 1 }),
  'code, incomplete': aView({ ...underWay, typed: '12345', problem: 'code_incomplete' }),
  'code, all channels': aView({
    ...underWay,
    sends: 2,
    resendAt: '2026-11-27T14:22:00.000Z',
    channels: ['voice', 'whatsapp', 'email'],
    email: 'a•••@mail.example',
    cancelUrl,
    transaction: { amount: '129.90', currency: 'EUR', payee: 'Blue Door Books' },
  }),
  'code, letters': aView({ ...underWay, codeAlphabet: 'alphanumeric', codeLength: 8, channel: 'voice' }),
  'ended, expired': aView({
    ...underWay,
    screen: 'ended',
    ended: 'expired',
    resendAt: underWay.sentAt ?? null,
  }),
  'ended, failed': aView({ ...underWay, screen: 'ended', ended: 'failed', resendAt: null, cancelUrl }),
  'ended, used': aView({ ...underWay, screen: 'ended', ended: 'used', cancelUrl }),
  locked: aView({ screen: 'locked', until: '2026-11-27T14:47:00.000Z', cancelUrl }),
  'locked for good': aView({ screen: 'locked', until: null }),
  limit: aView({ ...underWay, screen: 'limit', until: '2026-11-27T14:40:00.000Z' }),
  'limit, no code': aView({ screen: 'limit', until: '2026-11-27T14:40:00.000Z', cancelUrl }),
  unreachable: aView({ ...underWay, screen: 'unreachable', channels: ['voice'], cancelUrl }),
  done: aView({ screen: 'done', number: typed, continueUrl: 'https://acme.example/back?result=sdr_x' }),
  'done, no way back': aView({ screen: 'done', number: typed }),
  'link expired': aView({ screen: 'link_expired', brand: { ...aView().brand, name: '', contact: null } }),
  'link used': aView({ screen: 'link_used', cancelUrl }),
  elsewhere: aView({ screen: 'elsewhere', cancelUrl }),
  cancelled: aView({ screen: 'cancelled', cancelUrl }),
} satisfies Record<string, View & { screen: Screen }>;

/** Its times as if it were now: countdowns count, and nothing is over yet. */
export function asOfNow(view: View): View {
  const shift = Date.now() - Date.parse(view.serverTime);
  const later = (iso: string | null) => iso && new Date(Date.parse(iso) + shift).toISOString();
  const { sentAt, expiresAt, resendAt, until } = view;
  const times = {
    sentAt: later(sentAt),
    expiresAt: later(expiresAt),
    resendAt: later(resendAt),
    until: later(until),
  };
  return { ...view, ...times, serverTime: new Date().toISOString() };
}
