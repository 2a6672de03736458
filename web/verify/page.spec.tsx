import fc from 'fast-check';
import { elementsIn, readHtml, textOf, type HtmlElement } from '../../test/support/read-html';
import { problems, screens, type Problem, type View } from './contract';
import { directionOf, locales, wordsOf, type Locale } from './languages';
import { aView, madeUpViews } from './made-up-views';
import { renderPage, type Frame } from './page';
import { themeCss } from './theme';
import { fieldOf, sentenceOf } from './views/problem';
import { firstUi } from './views/ui';

const assets = { script: '/assets/page-1.js', style: '/assets/page-1.css', worker: '/assets/worker-1.js' };

function frameOf(locale: Locale, base: string | null = '/verify/token'): Frame {
  return { words: wordsOf(locale), assets, nonce: 'nonce-1', base, languages: locales };
}
function rendered(view: View, locale: Locale = 'en', base?: string | null): HtmlElement {
  return readHtml(renderPage({ ...view, locale, direction: directionOf(locale) }, frameOf(locale, base)));
}
const all = (page: HtmlElement, tag: string) => elementsIn(page).filter((element) => element.tag === tag);
const first = (page: HtmlElement, tag: string) => all(page, tag)[0]!;

const inSeveral = (['en', 'ar', 'zh-Hant'] as const).flatMap((locale) =>
  Object.entries(madeUpViews).map(([name, view]) => ({ name, locale, view })),
);

/** Elements that may hold no blocks: a browser would end them early. */
const phrasing = new Set([
  'p',
  'h1',
  'span',
  'label',
  'button',
  'summary',
  'a',
  'legend',
  'bdi',
  'strong',
  'time',
]);
const blocks = new Set(['p', 'div', 'form', 'ul', 'li', 'h1', 'fieldset', 'dialog', 'details', 'main']);

describe('the page', () => {
  it('has a made-up view for every screen', () => {
    expect(new Set(Object.values(madeUpViews).map(({ screen }) => screen))).toEqual(new Set(screens));
  });

  it.each(inSeveral)('is well formed: $name in $locale', ({ view, locale }) => {
    const page = rendered(view, locale);
    for (const element of elementsIn(page)) {
      const inside = elementsIn(element).slice(1);
      if (phrasing.has(element.tag)) expect(inside.filter(({ tag }) => blocks.has(tag))).toEqual([]);
      if (element.tag === 'form') expect(inside.map(({ tag }) => tag)).not.toContain('form');
    }
    const ids = elementsIn(page).flatMap(({ attributes }) => attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(inSeveral)('has one heading, which is in the title: $name in $locale', ({ view, locale }) => {
    const page = rendered(view, locale);
    const [heading, ...others] = all(page, 'h1');
    expect(others).toEqual([]);
    expect(textOf(heading!)).not.toBe('');
    expect(textOf(first(page, 'title'))).toContain(textOf(heading!));
    expect(first(page, 'html').attributes).toMatchObject({ lang: locale, dir: directionOf(locale) });
  });

  it.each(inSeveral)(
    'names every field and describes it by what is there: $name in $locale',
    ({ view, locale }) => {
      const page = rendered(view, locale);
      const ids = new Set(elementsIn(page).flatMap(({ attributes }) => attributes['id'] ?? []));
      const labelled = new Set(all(page, 'label').map(({ attributes }) => attributes['for']));
      const fields = [...all(page, 'input'), ...all(page, 'select')];
      for (const { attributes } of fields.filter((field) => field.attributes['type'] !== 'hidden')) {
        expect(labelled).toContain(attributes['id']);
        for (const id of (attributes['aria-describedby'] ?? '').split(' ')) expect(ids).toContain(id);
      }
      for (const button of all(page, 'button')) expect(textOf(button).trim()).not.toBe('');
      for (const words of [textOf(first(page, 'main')), textOf(first(page, 'footer'))])
        expect(words).not.toMatch(/\{\w+\}|undefined|null|\[object|Invalid Date/);
    },
  );

  it.each(Object.entries(madeUpViews))('sends real forms, tied to the browser: %s', (_, view) => {
    for (const form of all(rendered(view), 'form')) {
      expect(form.attributes).toMatchObject({ method: 'post' });
      expect(form.attributes['action']).toMatch(/^\/verify\/token\/(?:send|resend|check|change|cancel)$/);
      const hidden = Object.fromEntries(
        all(form, 'input').map(({ attributes }) => [attributes['name'], attributes['value']]),
      );
      expect(hidden).toMatchObject({ formToken: view.formToken, operation: view.operation });
    }
  });

  it('has one field for the code that phones and password managers fill, and that cuts nothing off', () => {
    const [field, ...others] = all(rendered(madeUpViews['code']!, 'ar'), 'input').filter(
      ({ attributes }) => attributes['type'] !== 'hidden',
    );
    expect(others).toEqual([]);
    expect(field!.attributes).toMatchObject({
      type: 'text',
      name: 'code',
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
      dir: 'ltr',
    });
    expect(Object.keys(field!.attributes)).not.toContain('maxlength');
  });

  it('tells an error in the title, at the field and aloud', () => {
    const page = rendered(madeUpViews['code, wrong']!);
    expect(textOf(first(page, 'title'))).toBe('Error: Enter the code – Acme');
    const alert = elementsIn(page).find(({ attributes }) => attributes['role'] === 'alert')!;
    expect(textOf(alert)).toBe('That code isn’t right. 3 tries left.');
    const field = all(page, 'input').find(({ attributes }) => attributes['name'] === 'code')!;
    expect(field.attributes).toMatchObject({ 'aria-invalid': 'true', value: '123456' });
    expect(field.attributes['aria-describedby']).toContain(alert.attributes['id']);
  });

  it.each(problems.map((problem): [Problem] => [problem]))('has words for %s', (problem) => {
    const view = aView({ screen: fieldOf(problem) === 'code' ? 'code' : 'number', problem });
    for (const locale of locales) {
      const words = wordsOf(locale);
      const said = sentenceOf({ view: { ...view, locale }, words, ui: firstUi(view), base: '' });
      expect(said).toMatch(/\S/);
      expect(said).not.toMatch(/\{\w+\}|undefined/);
    }
  });

  it('loads no script and offers nothing where no process is behind it', () => {
    const page = rendered(madeUpViews['link expired']!, 'en', null);
    expect([...all(page, 'script'), ...all(page, 'form')]).toEqual([]);
    expect(textOf(first(page, 'title'))).toBe('This link has expired');
  });

  it('shows numbers and times as the server may know them', () => {
    const page = rendered(madeUpViews['code']!);
    expect(textOf(first(page, 'main'))).toContain('Sent by text to +34 612 345 678 at 2:22 PM UTC.');
    expect(all(page, 'bdi').some((element) => element.attributes['dir'] === 'ltr')).toBe(true);
  });
});

const hostile = fc.constantFrom(
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg onload=alert(1)>",
  '</script><script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '<!--',
  ']]>',
  '{brand}{number}',
  'javascript:alert(1)',
  '\u2028alert(1)\u202e',
  '&lt;b&gt;',
);
const anyText = fc.oneof(hostile, fc.string({ unit: 'binary-ascii' }), fc.string({ unit: 'grapheme' }));

const hostileView = fc
  .record({
    name: fc.constantFrom(...Object.keys(madeUpViews)),
    brand: anyText,
    contact: anyText,
    logoUrl: fc.option(anyText),
    shown: anyText,
    typed: anyText,
    email: anyText,
    payee: anyText,
    amount: anyText,
    currency: anyText,
    url: anyText,
    operation: anyText,
    theme: fc.dictionary(fc.oneof(fc.constant('--sd-accent'), anyText), anyText, { maxKeys: 3 }),
  })
  .map((text): View => {
    const theme = text.theme as View['brand']['theme']['light'];
    return {
      ...madeUpViews[text.name]!,
      brand: {
        name: text.brand,
        contact: text.contact,
        logoUrl: text.logoUrl,
        theme: { light: theme, dark: theme },
      },
      number: { shown: text.shown, isOwn: true },
      typed: text.typed,
      email: text.email,
      transaction: { amount: text.amount, currency: text.currency, payee: text.payee },
      continueUrl: text.url,
      cancelUrl: text.url,
      operation: text.operation,
      formToken: text.operation,
    };
  });

/** Tags and attributes without the values that differ by nature. */
const skeleton = (page: HtmlElement) =>
  elementsIn(page).map(({ tag, attributes }) => [tag, ...Object.keys(attributes).sort()].join(' '));

describe('text that others wrote', () => {
  // Catches: a text that is written without the renderer, or a place where the renderer does not escape.
  it('never becomes markup, script or an address that runs', () => {
    fc.assert(
      fc.property(hostileView, (view) => {
        const page = readHtml(renderPage(view, frameOf('en')));
        const elements = elementsIn(page);
        const tags = new Set(elements.map(({ tag }) => tag));
        for (const tag of ['svg', 'iframe', 'object', 'b']) expect(tags).not.toContain(tag);
        expect(all(page, 'script')).toHaveLength(2);
        expect(all(page, 'style').length).toBeLessThan(2);
        for (const { attributes } of elements) {
          expect(Object.keys(attributes).filter((name) => name.startsWith('on'))).toEqual([]);
          expect(attributes['href'] ?? '').toMatch(/^(?:$|\/|\?|#|data:,$|https?:\/\/|mailto:|tel:)/i);
        }
        const data = elements.find(({ attributes }) => attributes['id'] === 'sd-data')!;
        expect(JSON.parse(textOf(data))).toMatchObject({ view: { operation: view.operation } });
      }),
      { numRuns: 150 },
    );
  });

  it('changes nothing but the text', () => {
    const plain = { ...madeUpViews['code']!, contact: null };
    const named = (name: string) => skeleton(rendered({ ...plain, brand: { ...plain.brand, name } }));
    expect(named('<script>x</script>"\'&')).toEqual(named('Acme'));
  });

  // Catches: a value that ends its declaration, or a name that is a selector.
  it('never leaves its declaration in a theme', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(fc.constant('--sd-accent'), anyText), anyText), (theme) => {
        const css = themeCss(':root', { light: theme, dark: {} });
        expect(css).toMatch(/^(?::root\{(?:--sd-[a-z-]+:[^;{}<>\\]*;?)+\})?$/);
      }),
    );
  });
});
