import type { Colour } from './colour';

/**
 * What texts stand on, in `web/tokens.css`: no application changes it, because on it its accent was judged. A test keeps
 * both the same.
 */
export const surfaces: { readonly light: Colour; readonly dark: Colour } = {
  light: [0xff, 0xff, 0xff],
  dark: [0x17, 0x1a, 0x22],
};
