import type {ImageStyle} from '../../app/graphics.ts';
import {assertNever} from '../../base/assert-never.ts';
import {type Disposable, disposable} from '../../base/disposable.ts';
import type {Picture} from '../../base/picture.ts';
import type {FrameGate} from '../frame-gate.ts';
import {scalePicture} from '../scale-picture.ts';
import type {FrameClock} from '../terminal/frame-limit.ts';
import {type ImageSpot, imageSpot, type Room} from './image-spot.ts';
import {itermImage} from './iterm-image.ts';
import {kittyImage, kittyRemoval} from './kitty-image.ts';
import {sixelImage} from './sixel-image.ts';

/** Where an image stands, and how it is drawn. */
export interface PlatePlace {
  readonly style: ImageStyle;
  /** Cells that the frame leaves blank, counted from the top left of the terminal, from 0. */
  readonly room: Room;
}

export interface ImagePlateOptions {
  readonly write: (text: string) => void;
  readonly gate: Pick<FrameGate, 'whenOpen'>;
  readonly clock: FrameClock;
  readonly encodePng: (picture: Picture) => Uint8Array;
}

interface Shown extends PlatePlace {
  readonly picture: Picture;
  readonly spot: ImageSpot;
  readonly id: number;
}

/** By then a frame that the same change has caused is out: Ink draws up to 125 a second. */
const AFTER_FRAME_MS = 20;
/** What one image may cost a slow line; one that is larger is sent in half its size. */
const MAX_IMAGE_CHARACTERS = 600_000;
const MAX_DIVISOR = 16;
/** Two that take turns: the new image is there before the old one goes. Of 32 bits; nobody else's by chance. */
const KITTY_IDS = [0x76697274, 0x76697275] as const;

/**
 * An image over a part of Ink's frame that is blank. It is written behind the frame, at a cursor that is put back, when the
 * picture or its place is new and the line has taken what was written before; and taken away before another frame is drawn there.
 */
export class ImagePlate {
  readonly #options: ImagePlateOptions;
  #place: PlatePlace | undefined;
  #picture: Picture | undefined;
  #shown: Shown | undefined;
  #waiting: Disposable | undefined;
  /** Of the last image: the next one is most likely as rich. */
  #divisor = 1;

  constructor(options: ImagePlateOptions) {
    this.#options = options;
  }

  /** Gives the image a place. @returns what takes it off the screen again */
  place(place: PlatePlace): Disposable {
    this.#place = place;
    this.#paintSoon();
    return disposable(() => {
      this.#remove();
      this.#place = undefined;
    });
  }

  /** What the image shows from now on. */
  show(picture: Picture): void {
    this.#picture = picture;
    this.#paintSoon();
  }

  /** The terminal was somebody else's: what was shown is gone. */
  repaint(): void {
    if (!this.#place) return;
    this.#remove();
    this.#paintSoon();
  }

  #paintSoon(): void {
    if (this.#waiting || !this.#place || !this.#picture) return;
    const {clock, gate} = this.#options;
    this.#waiting = clock.schedule(() => {
      let isOpen = false;
      const opening = gate.whenOpen(() => {
        isOpen = true;
        this.#waiting = undefined;
        this.#paint();
      });
      if (!isOpen) this.#waiting = opening;
    }, AFTER_FRAME_MS);
  }

  #paint(): void {
    const [place, picture, before] = [this.#place, this.#picture, this.#shown];
    if (!place || !picture) return;
    if (before && samePicture(before.picture, picture)) {
      this.#shown = {...before, picture};
      return;
    }
    const id = before?.id === KITTY_IDS[0] ? KITTY_IDS[1] : KITTY_IDS[0];
    const spot = imageSpot(picture, place.room, place.style.cell);
    const shown: Shown = {...place, picture, spot, id};
    this.#shown = shown;
    const image = this.#imageWithin(shown);
    const isKitty = place.style.protocol === 'kitty';
    const gone = before && (isKitty || !sameSpot(before.spot, spot)) ? removalOf(before) : '';
    const drawn = `${cursorTo(spot.top, spot.left)}${image}`;
    this.#writeAside(isKitty ? drawn + gone : gone + drawn);
  }

  /** The image, in as many pixels as are shown or fewer. */
  #imageWithin({style, spot, picture, id}: Shown): string {
    for (;;) {
      const side = (pixels: number) => Math.ceil(pixels / this.#divisor);
      const dots = scaledDown(picture, side(spot.width), side(spot.height));
      const image = this.#encode(dots, {style, spot, id});
      const isSmall = image.length <= MAX_IMAGE_CHARACTERS;
      if (isSmall && image.length * 8 < MAX_IMAGE_CHARACTERS && this.#divisor > 1) this.#divisor /= 2;
      if (isSmall || this.#divisor >= MAX_DIVISOR) return image;
      this.#divisor *= 2;
    }
  }

  /** A terminal scales by itself, but sixels are its own pixels. */
  #encode(picture: Picture, {style, spot, id}: Pick<Shown, 'style' | 'spot' | 'id'>): string {
    const {encodePng} = this.#options;
    const cells = {columns: spot.columns, rows: spot.rows};
    switch (style.protocol) {
      case 'kitty':
        return kittyImage(encodePng(picture), {id, ...cells});
      case 'iterm2':
        return itermImage(encodePng(picture), cells);
      case 'sixel':
        return sixelImage(scalePicture(picture, spot));
      default:
        return assertNever(style.protocol);
    }
  }

  #remove(): void {
    this.#waiting?.dispose();
    this.#waiting = undefined;
    if (this.#shown) this.#writeAside(removalOf(this.#shown));
    this.#shown = undefined;
  }

  /** Ink counts on the cursor where it has left it. */
  #writeAside(text: string): void {
    this.#options.write(`\x1b7\x1b[m${text}\x1b8`);
  }
}

/** More pixels than the picture has would only cost. */
function scaledDown(picture: Picture, width: number, height: number): Picture {
  if (width >= picture.width && height >= picture.height) return picture;
  return scalePicture(picture, {width: Math.min(width, picture.width), height: Math.min(height, picture.height)});
}

/** Erasing cells takes an image out of them that is no layer of its own. */
function removalOf({style, spot, id}: Shown): string {
  if (style.protocol === 'kitty') return kittyRemoval(id);
  const rows = Array.from(
    {length: spot.rows},
    (_, row) => `${cursorTo(spot.top + row, spot.left)}\x1b[${spot.columns}X`,
  );
  return rows.join('');
}

function cursorTo(row: number, column: number): string {
  return `\x1b[${row + 1};${column + 1}H`;
}

function sameSpot(one: ImageSpot, other: ImageSpot): boolean {
  return one.top === other.top && one.left === other.left && one.columns === other.columns && one.rows === other.rows;
}

function samePicture(one: Picture, other: Picture): boolean {
  if (one === other) return true;
  return one.width === other.width && one.height === other.height && Buffer.compare(one.rgb, other.rgb) === 0;
}
