import type { Theme } from './contract';

const name = /^--sd-[a-z-]+$/;
/** Colours, lengths and names of fonts: nothing that ends a declaration, opens a block or loads anything. */
const value = /^[\w#%.,()\s'"+-]*$/;

const declarations = (theme: Theme) =>
  Object.entries(theme)
    .filter(([property, set]) => name.test(property) && value.test(set) && !/url|image/i.test(set))
    .map(([property, set]) => `${property}:${set}`)
    .join(';');

/** The colours of a brand, as a style sheet: nothing that an application sets can leave its declaration. */
export function themeCss(selector: string, theme: { readonly light: Theme; readonly dark: Theme }): string {
  const [light, dark] = [declarations(theme.light), declarations(theme.dark)];
  return (
    (light === '' ? '' : `${selector}{${light}}`) +
    (dark === '' ? '' : `@media (prefers-color-scheme:dark){${selector}{${dark}}}`)
  );
}
