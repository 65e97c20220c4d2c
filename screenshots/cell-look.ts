import type {IBufferCell} from '@xterm/headless';
import {paletteRgb} from '../src/ui/terminal/colour-depth.ts';

/** The first 16 colours, as a current desktop terminal shows them. */
const BASE_COLOURS = [
  '#000000',
  '#cd3131',
  '#0dbc79',
  '#e5e510',
  '#2472c8',
  '#bc3fbc',
  '#11a8cd',
  '#e5e5e5',
  '#666666',
  '#f14c4c',
  '#23d18b',
  '#f5f543',
  '#3b8eea',
  '#d670d6',
  '#29b8db',
  '#ffffff',
];
const FOREGROUND = '#d4d4d4';
/** What is behind a cell without a background of its own. */
export const BACKGROUND = '#1e1e1e';

/** How one cell looks: CSS colours, and SVG attributes for its text. */
export interface CellLook {
  readonly foreground: string;
  readonly background: string;
  readonly attributes: string;
  readonly isUnderlined: boolean;
}

/** Reads the colours and attributes of a cell. */
export function cellLook(cell: IBufferCell): CellLook {
  const foreground = cell.isFgDefault() ? FOREGROUND : colour(cell.getFgColor(), cell.isFgRGB());
  const background = cell.isBgDefault() ? BACKGROUND : colour(cell.getBgColor(), cell.isBgRGB());
  const isInverse = Boolean(cell.isInverse());
  const isUnderlined = Boolean(cell.isUnderline());
  return {
    foreground: isInverse ? background : foreground,
    background: isInverse ? foreground : background,
    attributes: [
      cell.isBold() ? ' font-weight="bold"' : '',
      cell.isItalic() ? ' font-style="italic"' : '',
      cell.isDim() ? ' opacity="0.6"' : '',
      isUnderlined ? ' text-decoration="underline"' : '',
    ].join(''),
    isUnderlined,
  };
}

function colour(value: number, isRgb: boolean): string {
  if (!isRgb && value < BASE_COLOURS.length) return BASE_COLOURS[value] ?? FOREGROUND;
  return `#${(isRgb ? value : paletteRgb(value)).toString(16).padStart(6, '0')}`;
}
