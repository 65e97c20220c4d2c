/** How many colours the user's terminal shows; `none` is NO_COLOR. */
export type ColourDepth = 'none' | '16' | '256' | 'rgb';

/** A colour as a terminal cell has it: a palette index (0-255) or 24 bits of RGB (0xRRGGBB). */
export type CellColour = {readonly is: 'palette'; readonly index: number} | {readonly is: 'rgb'; readonly rgb: number};

/** xterm's defaults of the first 16 colours. Source: xterm 397, XTerm-col.ad. */
const BASE_16: readonly number[] = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
  0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];

/** Steps of one component in xterm's 6x6x6 colour cube (palette 16-231). */
const CUBE_STEPS: readonly number[] = [0, 95, 135, 175, 215, 255];

/**
 * The SGR parameters that select a colour, brought down to what the terminal can show.
 *
 * @param ground  foreground or background
 * @returns parameters without `ESC [` and `m`; empty for depth `none`
 */
export function colourSgr(colour: CellColour, ground: 'fg' | 'bg', depth: ColourDepth): string {
  if (depth === 'none') return '';
  const base = ground === 'fg' ? 38 : 48;
  if (colour.is === 'rgb' && depth === 'rgb') {
    return `${base};2;${red(colour.rgb)};${green(colour.rgb)};${blue(colour.rgb)}`;
  }
  const wide = colour.is === 'palette' ? colour.index : nearestInCube(colour.rgb);
  const index = depth === '16' && wide > 15 ? nearestBase(paletteRgb(wide)) : wide;
  if (index < 8) return String(base - 8 + index);
  if (index < 16) return String(base + 52 + index - 8);
  return `${base};5;${index}`;
}

/** The colour that xterm shows for a palette index of 0-255, as 0xRRGGBB. */
export function paletteRgb(index: number): number {
  if (index < 16) return BASE_16[index] ?? 0;
  if (index >= 232) return (8 + (index - 232) * 10) * 0x010101;
  const cube = index - 16;
  const step = (position: number) => CUBE_STEPS[position % 6] ?? 0;
  return (step(Math.floor(cube / 36)) << 16) | (step(Math.floor(cube / 6)) << 8) | step(cube);
}

function nearestInCube(rgb: number): number {
  const [r, g, b] = [red(rgb), green(rgb), blue(rgb)].map(nearestStep);
  return 16 + 36 * (r ?? 0) + 6 * (g ?? 0) + (b ?? 0);
}

function nearestStep(component: number): number {
  return nearestIndex(CUBE_STEPS, step => Math.abs(step - component));
}

function nearestBase(rgb: number): number {
  const square = (value: number) => value * value;
  return nearestIndex(
    BASE_16,
    base => square(red(base) - red(rgb)) + square(green(base) - green(rgb)) + square(blue(base) - blue(rgb)),
  );
}

function nearestIndex(values: readonly number[], distance: (value: number) => number): number {
  let best = 0;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [index, value] of values.entries()) {
    const now = distance(value);
    if (now >= bestDistance) continue;
    best = index;
    bestDistance = now;
  }
  return best;
}

function red(rgb: number): number {
  return (rgb >> 16) & 0xff;
}

function green(rgb: number): number {
  return (rgb >> 8) & 0xff;
}

function blue(rgb: number): number {
  return rgb & 0xff;
}
