/** How a picture is drawn: in cells, or as an image by one of the protocols that terminals have. */
export const GRAPHICS_PROTOCOLS = ['blocks', 'kitty', 'sixel', 'iterm2'] as const;
export type GraphicsProtocol = (typeof GRAPHICS_PROTOCOLS)[number];

/** What the user wants; `auto` is the best that the terminal says it can do. */
export const GRAPHICS_CHOICES = [...GRAPHICS_PROTOCOLS, 'auto'] as const;
export type GraphicsChoice = (typeof GRAPHICS_CHOICES)[number];

/** The size of a cell in pixels. */
export interface CellSize {
  readonly width: number;
  readonly height: number;
}

/** What the terminal was found to draw images with. */
export interface FoundGraphics {
  readonly protocol: GraphicsProtocol;
  /** Undefined where the terminal did not say. */
  readonly cell: CellSize | undefined;
  /** What stands between virtty and the terminal and passes no images on but sixels, e.g. `tmux`. */
  readonly multiplexer?: string;
}

/** How pictures are drawn. */
export interface Graphics {
  readonly choice: GraphicsChoice;
  /** Undefined until the terminal was asked, which is when a picture is looked at for the first time. */
  readonly found: FoundGraphics | undefined;
}

/** An image of this terminal. */
export interface ImageStyle {
  readonly protocol: Exclude<GraphicsProtocol, 'blocks'>;
  readonly cell: CellSize;
}

/** No larger than the cells of most terminals, so that an image of pixels does not leave its place. */
const ASSUMED_CELL: CellSize = {width: 8, height: 16};

/** How an image is drawn now; undefined for blocks, also while it is not known yet what the terminal can do. */
export function imageStyle({choice, found}: Graphics): ImageStyle | undefined {
  const protocol = choice === 'auto' ? found?.protocol : choice;
  if (!found || protocol === undefined || protocol === 'blocks') return undefined;
  if (found.multiplexer !== undefined && protocol !== 'sixel') return undefined;
  return {protocol, cell: found.cell ?? ASSUMED_CELL};
}

/** Why a choice cannot be followed; undefined where it can, or where that is not known yet. */
export function graphicsHindrance({choice, found}: Graphics): string | undefined {
  if (found?.multiplexer === undefined || (choice !== 'kitty' && choice !== 'iterm2')) return undefined;
  return `${found.multiplexer} passes no images of ${choice} on: blocks are drawn; tmux 3.4 and later can do sixel`;
}

/** Reads a word of the user. @returns undefined for one that is no choice */
export function parseGraphicsChoice(word: string): GraphicsChoice | undefined {
  return GRAPHICS_CHOICES.find(choice => choice === word);
}
