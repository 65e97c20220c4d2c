import type {CellSize} from '../../app/graphics.ts';
import type {Size} from '../scale-picture.ts';

/** Cells of the terminal, counted from its top left, from 0. */
export interface Room {
  readonly top: number;
  readonly left: number;
  readonly columns: number;
  readonly rows: number;
}

/** Where an image stands within its room: the cells that it covers, and its size in pixels, which fills them nearly. */
export interface ImageSpot extends Room, Size {}

/** Sixels come in bands of this height, and the last one must not leave the room. */
const BAND_ROWS = 6;

/** The place in the middle of the room that is as large as the shape of a picture allows. */
export function imageSpot(picture: Size, room: Room, cell: CellSize): ImageSpot {
  const height = room.rows * cell.height;
  const space = {width: room.columns * cell.width, height: Math.max(1, height - (height % BAND_ROWS))};
  const scale = Math.min(space.width / picture.width, space.height / picture.height);
  const within = (side: number, most: number) => Math.max(1, Math.min(most, Math.round(side * scale)));
  const size = {width: within(picture.width, space.width), height: within(picture.height, space.height)};
  const columns = Math.min(room.columns, Math.ceil(size.width / cell.width));
  const rows = Math.min(room.rows, Math.ceil(size.height / cell.height));
  return {
    ...size,
    columns,
    rows,
    top: room.top + Math.floor((room.rows - rows) / 2),
    left: room.left + Math.floor((room.columns - columns) / 2),
  };
}
