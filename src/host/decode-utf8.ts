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

/** The longest beginning that is UTF-8 ends before it: the decoder tells of an end inside of a character only at the end. */
function firstBadByte(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8Beginning(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return isUtf8Beginning(bytes.subarray(0, bad)) ? lastStart(bytes, bad) : good;
}

function isUtf8Beginning(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', {fatal: true}).decode(bytes, {stream: true});
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
