import type {Problem} from '../../base/problem.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {displayWidth} from '../../ui/text-width.ts';

/** Characters shown before and after the place. */
const BEFORE = 30;
const AFTER = 40;
const INDENT = '    ';

/** The part of a text that a problem is about, and below it a mark under its place; nothing for one without a place. */
export function sourceExcerpt(text: string, {line, column}: Pick<Problem, 'line' | 'column'>): readonly string[] {
  const source = text.split(/\r\n?|\n/)[line - 1];
  if (source === undefined || column === 0) return [];
  const at = column - 1;
  const start = Math.max(0, at - BEFORE);
  const before = safe((start > 0 ? '...' : '') + source.slice(start, at));
  const after = safe(source.slice(at, at + AFTER) + (at + AFTER < source.length ? '...' : ''));
  return [`${INDENT}${before}${after}`, `${INDENT}${' '.repeat(displayWidth(before))}^`];
}

/** A control character is a space here, so that what is behind it stays in its place. */
function safe(text: string): string {
  return sanitiseUntrusted(text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' '));
}
