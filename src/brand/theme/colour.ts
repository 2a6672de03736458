/** Colours as WCAG 2.2 judges them. */

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** Of text, and of what belongs to it (WCAG 2.2, 1.4.3). */
export const TEXT_CONTRAST = 4.5;

/** Reads `#rrggbb`; null for anything else. */
export function readColour(hex: string): Colour | null {
  const [, red, green, blue] = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return null;
  return [parseInt(red, 16), parseInt(green, 16), parseInt(blue, 16)];
}

export function toHex(colour: Colour): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** 1 (the same) to 21 (black on white). */
export function contrast(one: Colour, other: Colour): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance, 0 (black) to 1 (white). */
function luminance([red, green, blue]: Colour): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

const STEPS = 255;
const black: Colour = [0, 0, 0];
const white: Colour = [255, 255, 255];

/**
 * The colour itself when text in it can be read on this background; else the first that can, on the way to black on a
 * light background and to white on a dark one. Each step changes it by 1/255, so it stays as much itself as possible.
 */
export function readableOn(background: Colour, colour: Colour): Colour {
  const goal = contrast(background, black) > contrast(background, white) ? black : white;
  for (let step = 0; step < STEPS; step += 1) {
    const mixed = mix(colour, goal, step / STEPS);
    if (contrast(mixed, background) >= TEXT_CONTRAST) return mixed;
  }
  return goal;
}

function mix(from: Colour, to: Colour, share: number): Colour {
  return from.map((channel, index) => Math.round(channel + ((to[index] ?? 0) - channel) * share)) as [
    number,
    number,
    number,
  ];
}
