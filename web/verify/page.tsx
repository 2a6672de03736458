import { renderToString } from 'preact-render-to-string';
import type { View } from './contract';
import { giveCountries } from './number/countries';
import { countryTable } from './number/countries.generated';
import { Contact } from './views/parts';
import { Card } from './views/screen';
import { titleOf } from './views/titles';
import { themeCss } from './theme';
import { firstUi, type Shown } from './views/ui';
import type { Words } from './words';

giveCountries(countryTable);

/** What the server knows beside the view. */
export interface Frame {
  readonly words: Words;
  /** Paths of what the build made, see `manifest.json`. */
  readonly assets: { readonly script: string; readonly style: string; readonly worker: string };
  /** Of the policy of this answer, for the one style sheet that is written into the page. */
  readonly nonce: string;
  /** `/verify/{token}`: actions are below it. Null on a page that no process is behind. */
  readonly base: string | null;
  /** BCP 47, those that the person may switch to. */
  readonly languages: readonly string[];
}

/** What the script reads to take over. */
export interface Handover {
  readonly view: View;
  readonly words: Words;
  readonly base: string;
  readonly worker: string;
}

/** The whole document. It works without script; every piece of text in it is escaped by the renderer. */
export function renderPage(view: View, frame: Frame): string {
  const shown = { view, words: frame.words, ui: firstUi(view), base: frame.base ?? '' };
  return `<!doctype html>${renderToString(<Page shown={shown} frame={frame} />)}`;
}

interface Props {
  readonly shown: Shown;
  readonly frame: Frame;
}

function Page({ shown, frame }: Props) {
  const { view } = shown;
  return (
    <html lang={view.locale} dir={view.direction}>
      <Head shown={shown} frame={frame} />
      <body class="sd-page">
        <div class="sd-root">
          <header class="sd-header">
            <BrandMark view={view} />
          </header>
          <main class="sd-main" id="sd-main">
            <Card shown={shown} />
          </main>
          <footer class="sd-footer">
            <Contact shown={shown} />
            <Languages shown={shown} frame={frame} />
          </footer>
        </div>
        {frame.base === null ? null : <HandoverData shown={shown} frame={frame} />}
      </body>
    </html>
  );
}

function Head({ shown: { view, words }, frame }: Props) {
  const theme = themeCss(':root', view.brand.theme);
  return (
    <head>
      <meta charset="utf-8" />
      <meta
        name="viewport"
        content="width=device-width, initial-scale=1, interactive-widget=resizes-content"
      />
      <meta name="robots" content="noindex" />
      <meta name="color-scheme" content="light dark" />
      <meta name="format-detection" content="telephone=no" />
      <title>{titleOf(view, words)}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href={frame.assets.style} />
      {theme === '' ? null : (
        // The only text that is not escaped: `themeCss` lets nothing through that could leave the element.
        <style nonce={frame.nonce} dangerouslySetInnerHTML={{ __html: theme }} />
      )}
      {frame.base === null ? null : <script type="module" src={frame.assets.script} />}
    </head>
  );
}

function BrandMark({ view: { brand } }: { readonly view: View }) {
  if (brand.logoUrl !== null) return <img class="sd-logo" src={brand.logoUrl} alt={brand.name} />;
  return brand.name === '' ? null : <p class="sd-brand">{brand.name}</p>;
}

const ownNames = new Map<string, string>();

/** Of a language, in itself. */
function nameOf(locale: string): string {
  const known = ownNames.get(locale);
  if (known !== undefined) return known;
  const name = new Intl.DisplayNames(locale, { type: 'language', fallback: 'code' }).of(locale) ?? locale;
  ownNames.set(locale, name);
  return name;
}

/** Links, not a list to choose from: they work without script, and each is in its own language. */
function Languages({ shown: { view, words }, frame }: Props) {
  if (frame.languages.length < 2) return null;
  return (
    <details class="sd-languages">
      <summary>
        <span class="sd-spoken">{words.language} </span>
        {nameOf(view.locale)}
      </summary>
      <ul>
        {frame.languages.map((locale) => (
          <li key={locale}>
            <a
              href={`?locale=${encodeURIComponent(locale)}`}
              lang={locale}
              hreflang={locale}
              aria-current={locale === view.locale ? 'true' : undefined}
            >
              {nameOf(locale)}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Data, not a script: no policy needs to allow it. `<` is written so that no text can end the element. */
function HandoverData({ shown: { view, words, base }, frame }: Props) {
  const handover: Handover = { view, words, base, worker: frame.assets.worker };
  const json = JSON.stringify(handover).replace(/</g, '\\u003c');
  return <script type="application/json" id="sd-data" dangerouslySetInnerHTML={{ __html: json }} />;
}
