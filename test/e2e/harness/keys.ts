/** Keys by name, as a terminal of type xterm sends them. */
const NAMED_KEYS = {
  Enter: '\r',
  Esc: '\x1b',
  Tab: '\t',
  'Shift-Tab': '\x1b[Z',
  Space: ' ',
  Backspace: '\x7f',
  Delete: '\x1b[3~',
  Up: '\x1b[A',
  Down: '\x1b[B',
  Right: '\x1b[C',
  Left: '\x1b[D',
  Home: '\x1b[H',
  End: '\x1b[F',
  PageUp: '\x1b[5~',
  PageDown: '\x1b[6~',
} as const;

/** A key that has a name, or a letter (or one of `[ \ ] ^ _`) with Ctrl, such as `Ctrl-]`. */
export type Key = keyof typeof NAMED_KEYS | `Ctrl-${string}`;

/** The bytes of a key. @throws {Error} for a key that does not exist */
export function keySequence(key: Key): string {
  const named = Object.entries(NAMED_KEYS).find(([name]) => name === key);
  if (named) return named[1];
  const letter = key.slice('Ctrl-'.length).toUpperCase();
  const code = letter.charCodeAt(0);
  if (letter.length !== 1 || code < 0x40 || code > 0x5f) throw new Error(`there is no key '${key}'`);
  return String.fromCharCode(code - 0x40);
}
