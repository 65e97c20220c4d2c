/** Characters that take no column: combining marks and format characters. */
const ZERO = /[\p{Mn}\p{Me}\p{Cf}]/u;
/**
 * Characters that take two columns, by block: Hangul Jamo, CJK, Kana, Hangul, compatibility and full-width forms,
 * emoji. Source: Unicode 15, EastAsianWidth.txt, classes W and F.
 */
const WIDE =
  /[\u1100-\u115f\u231a\u231b\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** How many columns of a terminal a text takes; it must have no control characters. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += ZERO.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
}

/** Fills a text with spaces up to so many columns; a longer one stays as it is. */
export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}
