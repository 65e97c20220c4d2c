import {displayWidth} from '../../ui/text-width.ts';

const CONTINUATION = '    ';

/**
 * Breaks a line that is too long after a space or a comma, so that an option's parts stay whole; a part that is longer
 * than a row is cut. Nothing of the text is left out; rows after the first are indented, further than the first.
 */
export function foldLine(text: string, columns: number): readonly string[] {
  if (displayWidth(text) <= columns) return [text];
  const own = /^ */.exec(text)?.[0] ?? '';
  const isDeep = own.length >= CONTINUATION.length && own.length < columns / 2;
  const indent = isDeep ? `${own}  ` : CONTINUATION;
  const rows: string[] = [];
  let row = '';
  for (const part of text.split(/(?<=[ ,])/).flatMap(word => cutWord(word, columns - indent.length))) {
    // A space may hang over the edge: it is not seen there.
    if (row.trim() !== '' && displayWidth(row + part.trimEnd()) > columns) {
      rows.push(row.trimEnd());
      row = indent;
    }
    row += part;
  }
  return [...rows, row.trimEnd()];
}

function cutWord(word: string, columns: number): readonly string[] {
  if (displayWidth(word) <= columns) return [word];
  const parts: string[] = [];
  let part = '';
  for (const char of word) {
    if (displayWidth(part + char) > columns) {
      parts.push(part);
      part = '';
    }
    part += char;
  }
  return [...parts, part];
}
