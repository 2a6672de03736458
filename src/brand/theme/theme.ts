import type { Theme } from '../../../web/verify/contract';
import { contrast, readableOn, readColour, TEXT_CONTRAST, toHex, type Colour } from './colour';
import { surfaces } from './surfaces';

/** What an application sets about the looks of its pages. */
export interface ThemeSettings {
  /** `#rrggbb`. */
  readonly accent?: string;
  /** Pixels. */
  readonly radius?: number;
  readonly font?: string;
}

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
  if (colour === null) return 'Use a colour as #rrggbb, e.g. #1f5eff.';
  const reached = contrast(colour, surfaces.light);
  if (reached >= TEXT_CONTRAST) return null;
  // Cut, not rounded: 4.46 must not look like enough.
  const shown = (Math.floor(reached * 10) / 10).toFixed(1);
  return (
    `Too pale to read: its contrast with the surface is ${shown}, and ${TEXT_CONTRAST} is needed. ` +
    `The nearest that passes is ${toHex(readableOn(surfaces.light, colour))}.`
  );
}

/**
 * The properties that an application sets, for the light and the dark theme; all others are those of `web/tokens.css`.
 * The dark accent is made from the light one, as pale as it must be. What was stored under another rule is passed over.
 */
export function themeOf(settings: ThemeSettings = {}): { readonly light: Theme; readonly dark: Theme } {
  return { light: themeIn('light', settings), dark: themeIn('dark', settings) };
}

function themeIn(mode: keyof typeof surfaces, { accent, radius, font }: ThemeSettings): Theme {
  return {
    ...accentIn(mode, readColour(accent ?? '')),
    ...(isRadius(radius) && { '--sd-radius': `${radius}px` }),
    ...(font !== undefined && isFontName(font) && { '--sd-font': fontStack(font) }),
  };
}

/** What can be read on the surface in this colour can be read on this colour in the surface's. */
function accentIn(mode: keyof typeof surfaces, wanted: Colour | null): Theme {
  if (wanted === null) return {};
  const accent = toHex(readableOn(surfaces[mode], wanted));
  return { '--sd-accent': accent, '--sd-on-accent': toHex(surfaces[mode]), '--sd-focus': accent };
}

const isRadius = (radius: number | undefined): radius is number =>
  radius !== undefined && Number.isInteger(radius) && radius >= 0 && radius <= MAX_RADIUS;

/** A name that is not in the list is tried on the device, in quotes. */
function fontStack(font: string): string {
  return (
    (Object.hasOwn(fontStacks, font) ? fontStacks[font] : undefined) ?? `"${font}", system-ui, sans-serif`
  );
}
