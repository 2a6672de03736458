import type { Theme } from '../../../web/verify/contract';
import { contrast, readableOn, readColour, TEXT_CONTRAST, toHex } from './colour';
import { palettes, surfaceOf } from './palette';

/** What an application sets about the looks of its pages. */
export interface ThemeSettings {
  /** `#rrggbb`. */
  readonly accent?: string;
  /** Pixels. */
  readonly radius?: number;
  readonly font?: string;
}

const DEFAULT_ACCENT = '#2456d6';
const DEFAULT_RADIUS = 8;
export const MAX_RADIUS = 24;

/** Fonts that devices have: no page loads one. */
const fontStacks: Readonly<Record<string, string>> = {
  system: 'system-ui, sans-serif',
  humanist: "Seravek, 'Gill Sans Nova', Ubuntu, Calibri, 'DejaVu Sans', source-sans-pro, sans-serif",
  geometric: "Avenir, Montserrat, Corbel, 'URW Gothic', source-sans-pro, sans-serif",
  rounded:
    "ui-rounded, 'Hiragino Maru Gothic ProN', Quicksand, Comfortaa, Manjari, 'Arial Rounded MT Bold', sans-serif",
  serif: "ui-serif, Georgia, Cambria, 'Times New Roman', serif",
  mono: "ui-monospace, 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
};
export const fontNames = Object.keys(fontStacks);

/** Letters, digits, single spaces and hyphens: nothing that could end a value in CSS. */
export const isFontName = (font: string): boolean =>
  /^(?=.{1,40}$)[A-Za-z][A-Za-z0-9]*(?:[ -][A-Za-z0-9]+)*$/.test(font);

/**
 * Why an accent is refused, with the nearest colour that is not; null: it may be used. Text of this colour stands on the
 * surface, and text in the surface's colour stands on buttons of it.
 */
export function accentProblem(accent: string): string | null {
  const colour = readColour(accent);
  if (colour === null) return 'Use a colour as #rrggbb, e.g. #2456d6.';
  const surface = surfaceOf('light');
  const reached = contrast(colour, surface);
  if (reached >= TEXT_CONTRAST) return null;
  // Cut, not rounded: 4.46 must not look like enough.
  const shown = (Math.floor(reached * 10) / 10).toFixed(1);
  return (
    `Too pale to read: its contrast with the surface is ${shown}, and ${TEXT_CONTRAST} is needed. ` +
    `The nearest that passes is ${toHex(readableOn(surface, colour))}.`
  );
}

/** All properties of the light and the dark theme. The dark accent is made from the light one, as pale as it must be. */
export function themeOf(settings: ThemeSettings = {}): { readonly light: Theme; readonly dark: Theme } {
  return { light: themeIn('light', settings), dark: themeIn('dark', settings) };
}

function themeIn(mode: keyof typeof palettes, settings: ThemeSettings): Theme {
  const { surface, text, muted, border, danger, success } = palettes[mode];
  const wanted = readColour(settings.accent ?? DEFAULT_ACCENT) ?? [36, 86, 214];
  const accent = toHex(readableOn(surfaceOf(mode), wanted));
  return {
    '--sd-accent': accent,
    '--sd-on-accent': surface,
    '--sd-surface': surface,
    '--sd-text': text,
    '--sd-muted': muted,
    '--sd-border': border,
    '--sd-danger': danger,
    '--sd-success': success,
    '--sd-focus': accent,
    '--sd-radius': `${radiusOf(settings)}px`,
    '--sd-font': fontOf(settings),
  };
}

function radiusOf({ radius = DEFAULT_RADIUS }: ThemeSettings): number {
  return Number.isInteger(radius) && radius >= 0 && radius <= MAX_RADIUS ? radius : DEFAULT_RADIUS;
}

/** A name that is not in the list is tried on the device, in quotes. */
function fontOf({ font = 'system' }: ThemeSettings): string {
  const system = fontStacks['system'] ?? 'sans-serif';
  if (Object.hasOwn(fontStacks, font)) return fontStacks[font] ?? system;
  return isFontName(font) ? `"${font}", ${system}` : system;
}
