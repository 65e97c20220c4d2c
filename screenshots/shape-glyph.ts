/** A cell on the picture, in pixels. */
export interface CellBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The dots of a braille character by bit: column and row. Source: Unicode, block Braille Patterns. */
const BRAILLE_DOTS: readonly (readonly [column: number, row: number])[] = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
];

/**
 * Draws a character that is a shape rather than a letter: braille, which the font has not, and block elements,
 * which have to touch their neighbours.
 *
 * @returns SVG elements, or undefined for a character that the font is to draw
 */
export function shapeGlyph(codePoint: number, box: CellBox, colour: string): string | undefined {
  if (codePoint >= 0x2800 && codePoint <= 0x28ff) return braille(codePoint - 0x2800, box, colour);
  if (codePoint >= 0x2581 && codePoint <= 0x2588) return lowerBlock((codePoint - 0x2580) / 8, box, colour);
  if (codePoint >= 0x2589 && codePoint <= 0x258f) return leftBlock((0x2590 - codePoint) / 8, box, colour);
  return undefined;
}

function braille(bits: number, {x, y, width, height}: CellBox, colour: string): string {
  return BRAILLE_DOTS.map(([column, row], bit) => {
    if (((bits >> bit) & 1) === 0) return '';
    const [cx, cy] = [x + width * (0.27 + column * 0.46), y + height * (0.14 + row * 0.24)];
    return `<circle cx="${cx.toFixed(2)}" cy="${cy.toFixed(2)}" r="1.5" fill="${colour}"/>`;
  }).join('');
}

function lowerBlock(share: number, {x, y, width, height}: CellBox, colour: string): string {
  return rectangle({x, y: y + height * (1 - share), width, height: height * share}, colour);
}

function leftBlock(share: number, {x, y, width, height}: CellBox, colour: string): string {
  return rectangle({x, y, width: width * share, height}, colour);
}

/** A filled rectangle, half a pixel larger than asked for, so that neighbours leave no seam. */
export function rectangle({x, y, width, height}: CellBox, colour: string): string {
  return `<rect x="${x}" y="${y}" width="${width + 0.5}" height="${height + 0.5}" fill="${colour}"/>`;
}
