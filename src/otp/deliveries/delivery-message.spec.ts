import { aDelivery, aRecord, at } from '../../../test/builders/slot-state.builder';
import { noTexts } from '../../sms/texts/installed-texts';
import { messageOf } from './delivery-message';

const application = {
  id: 'a',
  name: 'Shop',
  settings: { brand: 'Shop', locale: 'en' },
  createdAt: at(0),
  purposes: [],
};

/** The end of the text of a send at `sentMs` whose gateway is called at `nowMs`, of a code that lives `ttlMs`. */
function announced({
  ttlMs,
  sentMs = 0,
  nowMs = sentMs,
}: {
  ttlMs: number;
  sentMs?: number;
  nowMs?: number;
}) {
  const delivery = aDelivery({ at: at(sentMs) });
  const current = aRecord({ createdAt: at(0), expiresAt: at(ttlMs), deliveries: [delivery] });
  const slot = { applicationId: 'a', purpose: 'login', current };
  const personal = { to: '+447700900123' };
  const message = { application, slot, delivery, code: '493021', personal, texts: noTexts, now: at(nowMs) };
  const { text } = messageOf(message);
  return /in (\d+ \w+)\.$/.exec(text)?.[1];
}

describe('the life of a code that its text announces', () => {
  it.each([
    [30_000, '30 sec'],
    [95_000, '95 sec'],
    [119_000, '119 sec'],
    [120_000, '2 min'],
    [600_000, '10 min'],
    [659_000, '10 min'],
  ])('of %i ms is %s when it is sent, however long the way to the gateway takes', (ttlMs, text) => {
    for (const nowMs of [0, 20, 3_000, 5_000]) expect(announced({ ttlMs, nowMs })).toBe(text);
  });

  // Catches: the whole life announced by a repetition.
  it('is what is left when the code is sent again', () => {
    expect(announced({ ttlMs: 600_000, sentMs: 240_000 })).toBe('6 min');
    expect(announced({ ttlMs: 600_000, sentMs: 241_000 })).toBe('5 min');
    expect(announced({ ttlMs: 600_000, sentMs: 505_000 })).toBe('95 sec');
    expect(announced({ ttlMs: 600_000, sentMs: 570_400 })).toBe('29 sec');
  });

  it('is what is left when the message waited for its gateway, as after a crash', () => {
    expect(announced({ ttlMs: 600_000, nowMs: 35_000 })).toBe('9 min');
    expect(announced({ ttlMs: 120_000, nowMs: 35_000 })).toBe('85 sec');
  });
});
