import {
  aDelivery,
  aProcess,
  aScene,
  aSentProcess,
  aVerification,
  later,
  NOON,
} from '../../../test/builders/hosted';
import type { View } from '../../../web/verify/contract';
import { bareView, viewOf, type Scene } from './view';

const code = { process: aSentProcess(), verification: aVerification() };
const given = { to: '+34600123456', isTyped: false };

describe('the screen', () => {
  it.each<[string, Partial<Scene>, Partial<View>]>([
    ['asks for a number', {}, { screen: 'number', number: null }],
    [
      'asks whether to send to the number that was given',
      { process: aProcess({ personal: given }) },
      { screen: 'confirm', number: { shown: '+34 •••••••56', isOwn: false } },
    ],
    [
      'asks for a number again that was typed and not sent to',
      { process: aProcess({ visitor: 'ana', personal: { to: '+34600123456', isTyped: true } }) },
      { screen: 'number', number: { shown: '+34 600 12 34 56', isOwn: true } },
    ],
    ['asks for the code', code, { screen: 'code', ended: null, sends: 1, checksLeft: null }],
    [
      'counts down after a wrong guess of this process',
      {
        process: aSentProcess({ code: { ...aSentProcess().code!, hadWrong: true } }),
        verification: aVerification({ checks: { used: 2, max: 5 } }),
        trouble: { problem: 'code_wrong', typed: '000123' },
      },
      { screen: 'code', checksLeft: 3, problem: 'code_wrong', typed: '000123' },
    ],
    [
      'says nothing of the guesses of others',
      { ...code, verification: aVerification({ checks: { used: 4, max: 5 } }) },
      { screen: 'code', checksLeft: null },
    ],
    [
      'says that the code has run out',
      { ...code, verification: aVerification({ status: 'expired' }) },
      { screen: 'ended', ended: 'expired', expiresAt: null },
    ],
    [
      'says that there were too many wrong codes',
      { ...code, verification: aVerification({ status: 'failed' }) },
      { screen: 'ended', ended: 'failed' },
    ],
    // Catches: an approval that is read from a status. The code was typed into another process.
    [
      'says that the code was used',
      { ...code, verification: aVerification({ status: 'approved' }) },
      { screen: 'ended', ended: 'used', resultToken: null, continueUrl: null },
    ],
    [
      'calls a code that was canceled or replaced run out',
      { ...code, verification: aVerification({ status: 'superseded' }) },
      { screen: 'ended', ended: 'expired' },
    ],
    [
      'calls a code of which nothing is known any more run out',
      { ...code, verification: null },
      { screen: 'ended', ended: 'expired' },
    ],
    [
      'says that no message reaches the number',
      { ...code, verification: aVerification({ deliveries: [aDelivery('rejected')] }) },
      { screen: 'unreachable' },
    ],
    [
      'asks for the code when one of the messages may have arrived',
      { ...code, verification: aVerification({ deliveries: [aDelivery('rejected'), aDelivery('unknown')] }) },
      { screen: 'code' },
    ],
    [
      'hands a challenge on',
      { trouble: { screen: 'challenge', challenge: { check: 'proof-of-work', puzzle: 'p' } } },
      { screen: 'challenge', challenge: { check: 'proof-of-work', puzzle: 'p' } },
    ],
    [
      'says until when the person is locked out',
      { ...code, trouble: { screen: 'locked', until: later(90) } },
      { screen: 'locked', until: later(90).toISOString() },
    ],
    [
      'says that the code still works at a limit',
      { ...code, trouble: { screen: 'limit', until: later(90) } },
      { screen: 'limit', expiresAt: later(600).toISOString() },
    ],
    [
      'says that another browser went on, and nothing of the process',
      { ...code, standing: 'elsewhere' },
      { screen: 'elsewhere', number: null, sentAt: null, channels: [], transaction: null },
    ],
    ['says that the link was used', { ...code, standing: 'used' }, { screen: 'link_used', number: null }],
    [
      'says that it was canceled',
      { standing: 'canceled' },
      { screen: 'cancelled', cancelUrl: 'https://shop.example/' },
    ],
    ['says that the link is over', { standing: 'over' }, { screen: 'link_expired' }],
    [
      'leads back with the proof',
      { ...code, standing: 'done', resultToken: 'sdr_x' },
      { screen: 'done', continueUrl: 'https://shop.example/back?order=17&result=sdr_x', resultToken: null },
    ],
    [
      'leads nowhere when the proof was taken away',
      { ...code, standing: 'done', resultToken: null },
      { screen: 'done', continueUrl: null, cancelUrl: null },
    ],
    [
      'hands the proof to the page around the component',
      {
        process: aSentProcess({ surface: 'component', returnUrl: null }),
        standing: 'done',
        resultToken: 'sdr_x',
      },
      { screen: 'done', continueUrl: null, resultToken: 'sdr_x' },
    ],
  ])('%s', (_, scene, expected) => {
    expect(viewOf(aScene(scene))).toMatchObject(expected);
  });

  it('of a link that leads nowhere shows nothing of anybody', () => {
    const { locale, direction, brand, now } = aScene();
    const frame = { locale, direction, brand, now, operation: '', formToken: '', autoSubmit: false };
    const view = bareView('link_expired', frame);
    expect(view).toMatchObject({ screen: 'link_expired', formToken: '', number: null, cancelUrl: null });
  });
});

describe('the view', () => {
  it('offers the other channels, and masks the address', () => {
    const process = aSentProcess({ personal: { email: 'ana@mail.example' } });
    const view = viewOf(aScene({ ...code, process, channels: ['sms', 'voice', 'email'] }));
    expect([view.channel, view.channels, view.email]).toEqual([
      'sms',
      ['voice', 'email'],
      'a•••@mail.example',
    ]);
  });

  it('chooses the country that was begun with, or the only one that is allowed', () => {
    expect(viewOf(aScene({ allowedCountries: ['ES'] })).country).toBe('ES');
    expect(viewOf(aScene({ allowedCountries: ['ES', 'FR'] })).country).toBeNull();
    expect(
      viewOf(aScene({ process: aProcess({ country: 'FR' }), allowedCountries: ['ES', 'FR'] })).country,
    ).toBe('FR');
  });

  // Catches: a cool-down that tells how long ago somebody else's code was sent to this number.
  it('counts the cool-down from the message of this process, however long ago the code was made', () => {
    const verification = aVerification({ sends: { used: 2, max: 5, nextAt: later(11) } });
    expect(viewOf(aScene({ ...code, verification })).resendAt).toBe(later(30).toISOString());
    const window = aVerification({ sends: { used: 5, max: 5, nextAt: later(500) } });
    expect(viewOf(aScene({ ...code, verification: window })).resendAt).toBe(later(500).toISOString());
    expect(viewOf(aScene({ ...code, now: later(400) })).resendAt).toBe(later(400).toISOString());
  });

  it('offers no other message when the process has had its share', () => {
    expect(viewOf(aScene({ ...code, process: aSentProcess({ messages: 15 }) })).resendAt).toBeNull();
  });

  it('says the end of the code or of the process, whichever is first', () => {
    expect(viewOf(aScene(code)).expiresAt).toBe(later(600).toISOString());
    const process = aSentProcess({ expiresAt: later(100) });
    expect(viewOf(aScene({ ...code, process })).expiresAt).toBe(later(100).toISOString());
  });

  it('has the time of the database', () => {
    expect(viewOf(aScene({ now: NOON })).serverTime).toBe(NOON.toISOString());
  });
});
