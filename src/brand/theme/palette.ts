import { readColour, type Colour } from './colour';

/** What no application may change: on these colours its own were checked. */
export interface Neutrals {
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly border: string;
  readonly danger: string;
  readonly success: string;
}

export const palettes: { readonly light: Neutrals; readonly dark: Neutrals } = {
  light: {
    surface: '#ffffff',
    text: '#1a1d21',
    muted: '#565e68',
    border: '#7d8691',
    danger: '#b42318',
    success: '#157347',
  },
  dark: {
    surface: '#16191d',
    text: '#eceef1',
    muted: '#a6aeb8',
    border: '#78818c',
    danger: '#ff8a80',
    success: '#5bd08c',
  },
};

export const surfaceOf = (mode: keyof typeof palettes): Colour =>
  readColour(palettes[mode].surface) ?? [255, 255, 255];
