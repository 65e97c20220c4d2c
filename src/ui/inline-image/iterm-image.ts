import {encodeBase64} from './encode-base64.ts';

/**
 * Shows a PNG at the cursor, scaled to the cells, in terminals that know iTerm2's images.
 *
 * @see iTerm2, "Inline Images Protocol"; `doNotMoveCursor` is WezTerm's
 */
export function itermImage(png: Uint8Array, size: {readonly columns: number; readonly rows: number}): string {
  const fields = [
    'inline=1',
    `size=${png.length}`,
    `width=${size.columns}`,
    `height=${size.rows}`,
    'preserveAspectRatio=0',
    'doNotMoveCursor=1',
  ];
  return `\x1b]1337;File=${fields.join(';')}:${encodeBase64(png)}\x07`;
}
