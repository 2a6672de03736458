import { en } from '../../web/verify/languages/en';
import {
  applicationSettings,
  applicationSettingsPatch,
} from '../applications/settings/application-settings.dto';
import { mergePatch } from '../common/merge-patch';
import { brandOf, wordsOf } from './brand';
import { hostedProblems } from './hosted-settings';

const problems = (hosted: unknown) =>
  applicationSettings.safeParse({ hosted }).error?.issues.map(({ path }) => path.join('.')) ?? [];

const whole = {
  returnUrls: ['https://shop.example/done'],
  cancelUrls: ['https://shop.example/'],
  frameOrigins: ['https://shop.example'],
  origins: ['https://shop.example'],
  url: 'https://verify.shop.example',
  theme: { accent: '#b00020', radius: 0, font: 'serif' },
  texts: { en: { 'code.title': 'Your code' }, 'pt-BR': { 'code.title': 'O código' } },
  autoSubmit: false,
};

describe('settings of the hosted page', () => {
  it('are taken as a whole, in part and not at all', () => {
    expect([problems(whole), problems({}), problems({ theme: {} })]).toEqual([[], [], []]);
  });

  it('keep a colour in one spelling', () => {
    expect(applicationSettings.parse({ hosted: { theme: { accent: '#B00020' } } })).toEqual({
      hosted: { theme: { accent: '#b00020' } },
    });
  });

  it.each<[string, object, string]>([
    ['an address that leads elsewhere', { returnUrls: ['https://a@b.example/'] }, 'hosted.returnUrls.0'],
    ['an address twice', { cancelUrls: ['https://a.example/', 'https://a.example/'] }, 'hosted.cancelUrls'],
    [
      'too many addresses',
      { returnUrls: Array.from({ length: 21 }, (_, i) => `https://a.example/${i}`) },
      'hosted.returnUrls',
    ],
    ['an origin with a path', { origins: ['https://a.example/x'] }, 'hosted.origins.0'],
    ['a page that frames from anywhere', { frameOrigins: ['*'] }, 'hosted.frameOrigins.0'],
    ['a host with a path', { url: 'https://a.example/verify' }, 'hosted.url'],
    ['a pale accent', { theme: { accent: '#ffff00' } }, 'hosted.theme.accent'],
    ['a radius that is too big', { theme: { radius: 25 } }, 'hosted.theme.radius'],
    ['a font that is none', { theme: { font: 'x";' } }, 'hosted.theme.font'],
    ['another colour', { theme: { surface: '#000000' } }, 'hosted.theme'],
    ['a language that does not exist', { texts: { tlh: {} } }, 'hosted.texts'],
    ['a place that does not exist', { texts: { en: { 'code.none': 'x' } } }, 'hosted.texts.en'],
    [
      'a sentence without its number',
      { texts: { en: { 'code.sent.sms': 'Sent' } } },
      'hosted.texts.en.code.sent.sms',
    ],
    ['hidden characters', { texts: { en: { 'code.title': 'a\u202eb' } } }, 'hosted.texts.en.code.title'],
    ['a long sentence', { texts: { en: { 'code.title': 'x'.repeat(201) } } }, 'hosted.texts.en.code.title'],
  ])('refuse %s and name the place', (_what, hosted, path) => {
    expect(problems(hosted)).toEqual([path]);
  });

  it('change one by one, and go when they are null', () => {
    const patch = applicationSettingsPatch.parse({
      hosted: {
        url: null,
        theme: { font: null, radius: 4 },
        texts: { en: { 'code.title': null }, 'pt-BR': null },
      },
    });
    const { url: _url, ...rest } = whole;
    expect(mergePatch({ hosted: whole }, patch)).toEqual({
      hosted: { ...rest, theme: { accent: '#b00020', radius: 4 }, texts: { en: {} } },
    });
  });

  // Catches: a server that sends its people to whatever listens on their own machine.
  it('name no address of this machine in production', () => {
    const hosted = {
      ...whole,
      returnUrls: ['http://localhost:5173/done'],
      origins: ['http://127.0.0.1:5173'],
    };
    expect(hostedProblems({ hosted }, false)).toEqual([]);
    expect(hostedProblems({ hosted }, true).map(({ path }) => path)).toEqual([
      'settings.hosted.returnUrls.0',
      'settings.hosted.origins.0',
    ]);
    expect(hostedProblems({}, true)).toEqual([]);
  });
});

describe('the brand of an application', () => {
  const application = { id: 'a', name: 'shop-\u202eprod', settings: {} };

  it('is its name and the usual theme when nothing is set', () => {
    expect(brandOf(application)).toMatchObject({ name: 'shop-prod', contact: null, logoUrl: null });
  });

  it('has what is set', () => {
    const settings = { brand: 'Acme', contact: 'help@acme.example', hosted: whole };
    const brand = brandOf({ ...application, settings, logo: 'f00' }, 'https://verify.example');
    expect(brand).toMatchObject({
      name: 'Acme',
      contact: 'help@acme.example',
      logoUrl: 'https://verify.example/brand/a/f00.png',
    });
    expect(brand.theme.light['--sd-accent']).toBe('#b00020');
  });

  it('speaks with the sentences of the language that is shown', () => {
    const of = (locale: string) => wordsOf({ settings: { hosted: whole } }, locale, en).code.title;
    expect([of('en'), of('pt-BR'), of('de'), of('__proto__')]).toEqual([
      'Your code',
      'O código',
      en.code.title,
      en.code.title,
    ]);
  });
});
