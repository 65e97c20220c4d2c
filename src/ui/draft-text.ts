import type {LineDraft} from '../app/line-draft.ts';
import {sanitiseUntrusted} from '../base/sanitise.ts';
import {displayWidth} from './text-width.ts';

/**
 * A line being typed, with its cursor as an inverse cell when it has the focus; scrolled so that the cursor is in view.
 * Looks at no more of the line than is shown of it.
 */
export function draftText(draft: LineDraft, columns: number, isFocused: boolean): string {
  const chars = [...draft.text];
  const at = draft.cursor;
  const under = shownAs(chars[at] ?? ' ');
  const before = takeWhileFits(chars.slice(Math.max(0, at - columns), at).reverse(), columns - displayWidth(under));
  const room = columns - displayWidth(before.join('') + under);
  const after = takeWhileFits(chars.slice(at + 1, at + 1 + columns), room).join('');
  const head = before.reverse().join('');
  return isFocused ? `${head}\x1b[7m${under}\x1b[27m${after}` : head + (at < chars.length ? under : '') + after;
}

function takeWhileFits(chars: readonly string[], columns: number): string[] {
  const taken: string[] = [];
  let left = columns;
  for (const char of chars.map(shownAs)) {
    left -= displayWidth(char);
    if (left < 0) break;
    taken.push(char);
  }
  return taken;
}

function shownAs(char: string): string {
  return sanitiseUntrusted(char) || '\ufffd';
}
