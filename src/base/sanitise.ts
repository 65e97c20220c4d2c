/** Whole control sequences (CSI; OSC, DCS, APC, PM, SOS with their end), 7-bit and 8-bit. Source: ECMA-48, 5.4 and 5.6. */
const SEQUENCES =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]/g;
/** What is left of C0, DEL and C1. */
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/g;
/** Controls that reorder or hide text: bidi marks, embeddings, overrides and isolates, line separators, byte order mark. */
const HIDING = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const TAB_COLUMNS = 8;

/**
 * Makes one line of outside text safe to show: without control sequences, control characters and bidi controls.
 * Tabs become spaces up to the next multiple of 8 (counted in UTF-16 units), line ends become one space,
 * half surrogates U+FFFD; all other Unicode is kept.
 */
export function sanitiseUntrusted(text: string): string {
  const plain = text.toWellFormed().replace(SEQUENCES, '').replace(HIDING, '');
  return expandTabs(plain.replace(/\r\n|\n|\r/g, ' ')).replace(CONTROLS, '');
}

/**
 * Splits outside text into safe lines. A carriage return inside a line starts the line anew, as on a terminal,
 * so that of a progress display only its last state is left.
 */
export function sanitiseLines(text: string): string[] {
  const lines = text.split(/\r*\n/).map(line => sanitiseUntrusted(line.slice(line.lastIndexOf('\r') + 1)));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function expandTabs(text: string): string {
  if (!text.includes('\t')) return text;
  let out = '';
  for (const part of text.split(/(\t)/)) {
    out += part === '\t' ? ' '.repeat(TAB_COLUMNS - (out.length % TAB_COLUMNS)) : part;
  }
  return out;
}
