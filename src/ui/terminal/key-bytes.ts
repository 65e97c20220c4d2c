/** Cursor keys, Home and End in their normal form, `ESC [ X`. */
const NORMAL_CURSOR_KEY = /\x1b\[([ABCDHF])/g;

/**
 * What a guest is sent for keys as the user's terminal sent them: the same bytes, but for cursor keys,
 * Home and End, which are `ESC O X` while the guest has application cursor keys on (DECCKM).
 */
export function keyBytes(keys: string, applicationCursorKeys: boolean): Uint8Array {
  return new TextEncoder().encode(applicationCursorKeys ? keys.replace(NORMAL_CURSOR_KEY, '\x1bO$1') : keys);
}
