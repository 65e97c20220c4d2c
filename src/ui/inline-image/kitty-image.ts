import {encodeBase64} from './encode-base64.ts';

/** Where an image of the kitty graphics protocol stands: its id in the terminal, and the cells that it fills. */
export interface KittyPlacement {
  readonly id: number;
  readonly columns: number;
  readonly rows: number;
}

/** What one escape sequence may carry. Source: kitty, Terminal graphics protocol, "Remote client". */
const CHUNK_CHARACTERS = 4096;

/**
 * Sends a PNG and shows it at the cursor, scaled to the cells; the cursor stays (`C=1`), and the terminal answers nothing (`q=2`).
 *
 * @see kitty, Terminal graphics protocol, "Display images on screen"
 */
export function kittyImage(png: Uint8Array, {id, columns, rows}: KittyPlacement): string {
  const data = encodeBase64(png);
  let out = '';
  for (let at = 0; at < data.length; at += CHUNK_CHARACTERS) {
    const head = at === 0 ? `a=T,f=100,t=d,i=${id},p=1,c=${columns},r=${rows},C=1,` : '';
    const more = at + CHUNK_CHARACTERS < data.length ? 1 : 0;
    out += command(`${head}q=2,m=${more}`, data.slice(at, at + CHUNK_CHARACTERS));
  }
  return out;
}

/** Takes an image off the screen and out of the terminal's memory. */
export function kittyRemoval(id: number): string {
  return command(`a=d,d=I,i=${id},q=2`);
}

/** Asks whether the terminal knows the protocol, with a picture of one pixel that it is not to keep. */
export function kittyQuestion(id: number): string {
  return command(`a=q,t=d,f=24,s=1,v=1,i=${id}`, 'AAAA');
}

function command(control: string, payload = ''): string {
  return `\x1b_G${control}${payload === '' ? '' : `;${payload}`}\x1b\\`;
}
