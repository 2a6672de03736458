import type { Brand } from '../contract';
import { themeCss } from '../theme';

type Home = Document | ShadowRoot;

/** A sheet belongs to the document that made it. */
const sheets = new WeakMap<Document, CSSStyleSheet>();
let themes = 0;

/** Constructed, never written into the page: no policy has to allow inline styles. */
function sheetOf(element: Element, text: string): CSSStyleSheet {
  const { defaultView } = element.ownerDocument;
  const sheet = new (defaultView ?? window).CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

/**
 * Gives an element its looks, in the page or in the shadow root that it is in. The brand's colours weigh nothing
 * either: what the page sets on the element wins. Returns how to take them away.
 */
export function adopt(
  element: HTMLElement,
  css: string,
  { light, dark }: Brand['theme'],
  scheme: string | undefined,
): () => void {
  const home = element.getRootNode() as Home;
  const shared = sheets.get(element.ownerDocument) ?? sheetOf(element, css);
  sheets.set(element.ownerDocument, shared);
  themes += 1;
  const only = { light: scheme === 'dark' ? dark : light, dark: scheme === undefined ? dark : {} };
  const theme = sheetOf(element, themeCss(`:where([data-sd-theme="${themes}"])`, only));
  element.classList.add('sd-root');
  element.dataset['sdTheme'] = String(themes);
  if (scheme !== undefined) element.dataset['sdScheme'] = scheme;
  const others = home.adoptedStyleSheets.filter((sheet) => sheet !== shared);
  home.adoptedStyleSheets = [shared, ...others, theme];
  return () => {
    home.adoptedStyleSheets = home.adoptedStyleSheets.filter((sheet) => sheet !== theme);
    delete element.dataset['sdScheme'];
  };
}
