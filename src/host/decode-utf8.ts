/** A text, or where its bytes are none. */
export type DecodedText =
  | {readonly text: string}
  /** Of the first byte that fits nothing: both 1-based, the column in bytes. */
  | {readonly line: number; readonly column: number; readonly byte: number};

/** Reads bytes as UTF-8, of which none may be something else; a byte order mark is no part of the text. */
export function decodeUtf8(bytes: Uint8Array): DecodedText {
  try {
    return {text: new TextDecoder('utf-8', {fatal: true}).decode(bytes)};
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const at = firstBadByte(bytes);
  const before = bytes.subarray(0, at);
  const lineStart = before.lastIndexOf(0x0a) + 1;
  const line = before.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 1);
  return {line, column: at - lineStart + 1, byte: bytes[at] ?? 0};
}

/** Behind the longest beginning that is UTF-8; a character that is begun and not ended is bad from its first byte on. */
function firstBadByte(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(bytes.subarray(0, middle), {stream: true})) good = middle;
    else bad = middle;
  }
  const end = isUtf8(bytes.subarray(0, bad), {stream: true}) ? bad : good;
  return isUtf8(bytes.subarray(0, end), {}) ? end : lastStart(bytes, end);
}

/** @param options  with `stream` a text may end in the middle of a character */
function isUtf8(bytes: Uint8Array, options: {readonly stream?: boolean}): boolean {
  try {
    new TextDecoder('utf-8', {fatal: true}).decode(bytes, options);
    return true;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return false;
  }
}

/** Where the character begins that the text ends in the middle of. */
function lastStart(bytes: Uint8Array, end: number): number {
  let at = end - 1;
  while (at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}
