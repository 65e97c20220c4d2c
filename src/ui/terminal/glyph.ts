/** What stands for a character that cannot be shown in the cells it has. */
const REPLACEMENT = '\ufffd';

/** Code points in one cell: a base and its accents; a guest can stack any number. */
const MAX_CODE_POINTS = 6;

/** Everything that moves, hides or reorders text instead of being drawn: controls, bidi overrides, joiners, selectors. */
const NOT_DRAWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Characters that the emulator's Unicode 6 tables give one cell and today's terminals draw in two:
 * emoji, and the wide blocks that came later. Source: Unicode 16, EastAsianWidth.txt.
 */
const DRAWN_WIDE = /[\p{Emoji_Presentation}\u{16fe0}-\u{1b2ff}\u{1d300}-\u{1d37f}\u{1f000}-\u{1faff}]/u;

/** Vowels and ends of Korean syllables that follow no beginning of one: of no width in the emulator, and of one elsewhere. */
const LONE_JAMO = /(?<![\u1100-\u11ff\ua960-\ua97c\uac00-\ud7ff])[\u1160-\u11ff\ud7b0-\ud7ff]+/g;

/**
 * The text of one emulator cell as it may be written to the user's terminal: printable, and as wide as its cell.
 *
 * @param chars  what the cell holds, empty for a blank
 * @param width  cells it takes, 1 or 2
 */
export function safeGlyph(chars: string, width: number): string {
  if (isPlainAscii(chars)) return chars;
  const blank = ' '.repeat(width);
  if (chars === '') return blank;
  const drawn = chars.replace(NOT_DRAWN, '').replace(LONE_JAMO, '');
  if (drawn === '' || /^\p{M}/u.test(drawn)) return blank;
  if (width === 1 && DRAWN_WIDE.test(drawn)) return REPLACEMENT;
  return [...drawn].slice(0, MAX_CODE_POINTS).join('');
}

function isPlainAscii(chars: string): boolean {
  if (chars.length !== 1) return false;
  const code = chars.charCodeAt(0);
  return code >= 0x20 && code < 0x7f;
}
