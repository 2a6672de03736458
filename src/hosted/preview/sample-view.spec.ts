import { problems, screens, type Screen } from '../../../web/verify/contract';
import { en } from '../../../web/verify/languages/en';
import { renderPage } from '../../../web/verify/page';
import { sampleView, type Sample } from './sample-view';

const shown = {
  brand: { name: 'Acme', contact: null, logoUrl: null, theme: { light: {}, dark: {} } },
  locale: 'en',
  direction: 'ltr',
} as const;
const textOf = (sample: Sample) =>
  renderPage(sampleView(sample, shown), {
    words: en,
    assets: { script: '', style: '/page.css', worker: '' },
    nonce: 'n',
    base: null,
    languages: [],
  });
const asking: readonly Screen[] = ['number', 'code'];

describe('a sample of a page', () => {
  it.each(screens)('is the screen %s, with what it needs', (screen) => {
    expect(sampleView({ screen }, shown).screen).toBe(screen);
    expect(textOf({ screen })).toMatch(/<h1[^>]*>[^<]{5,}/);
  });

  it.each(problems)('may show the problem %s, with no placeholder left', (problem) => {
    for (const screen of asking) expect(textOf({ screen, problem })).not.toMatch(/\{[a-z]+\}/);
  });

  it('shows each end, channel and payment', () => {
    expect(textOf({ screen: 'ended', ended: 'used' })).toContain(en.ended.used);
    expect(textOf({ screen: 'code', channel: 'email' })).toContain('@mail.example');
    const transaction = { amount: '12.34', currency: 'EUR', payee: 'Blue Door Books' };
    expect(textOf({ screen: 'confirm', transaction })).toContain('Blue Door Books');
  });

  it('is always the same', () => {
    expect(textOf({ screen: 'code' })).toBe(textOf({ screen: 'code' }));
  });
});
