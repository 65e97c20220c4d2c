import stringWidth from 'string-width';

const PRINTABLE_ASCII = /^[ -~]*$/;
const SGR = /\x1b\[[\d;]*m/g;
/** Latin letters, line drawing, blocks and signs: one UTF-16 unit and one column each. Source: Unicode 16, EastAsianWidth.txt. */
const NARROW = /^[ -~\u00a1-\u00ac\u00ae-\u024f\u2022\u2026\u2500-\u25fc]*$/;

/** Columns that text takes on a terminal; control sequences take none. */
export function displayWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  const plain = text.includes('\x1b') ? text.replace(SGR, '') : text;
  return NARROW.test(plain) ? plain.length : stringWidth(plain);
}

/** Cuts plain text (no control sequences) to at most `columns`, the last of them `ellipsis` where something was cut. */
export function truncate(text: string, columns: number, ellipsis = '…'): string {
  if (columns <= 0) return '';
  if (displayWidth(text) <= columns) return text;
  if (PRINTABLE_ASCII.test(text)) return text.slice(0, columns - 1) + ellipsis;
  let out = '';
  let width = 0;
  for (const {segment} of new Intl.Segmenter().segment(text)) {
    const next = displayWidth(segment);
    if (width + next > columns - 1) break;
    out += segment;
    width += next;
  }
  return out + ellipsis;
}

/** Text in exactly `columns`: cut or filled with spaces. */
export function fit(text: string, columns: number, align: 'left' | 'right' = 'left', ellipsis = '…'): string {
  const cut = truncate(text, columns, ellipsis);
  const space = ' '.repeat(Math.max(0, columns - displayWidth(cut)));
  return align === 'left' ? cut + space : space + cut;
}

/** Fills a text that may have control sequences in it with spaces up to `columns`; it must not be wider. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** Breaks plain text into lines of at most `columns`, between words where it can; continuation lines are indented. */
export function wrap(text: string, columns: number, indent = ''): string[] {
  if (columns <= displayWidth(indent) + 1) return [truncate(text, columns)];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<= )/)) {
    if (displayWidth(line + word.trimEnd()) <= columns) {
      line += word;
      continue;
    }
    if (line.trim() !== '') lines.push(line.trimEnd());
    line = (lines.length === 0 ? '' : indent) + word;
    while (displayWidth(line) > columns) {
      const head = takeColumns(line, columns);
      lines.push(head);
      line = indent + line.slice(head.length);
    }
  }
  return [...lines, line.trimEnd()];
}

function takeColumns(text: string, columns: number): string {
  if (PRINTABLE_ASCII.test(text)) return text.slice(0, columns);
  let out = '';
  for (const char of text) {
    if (displayWidth(out + char) > columns) break;
    out += char;
  }
  return out === '' ? text.slice(0, 1) : out;
}
