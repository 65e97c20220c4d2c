import type {LineDraft} from '../app/line-draft.ts';
import {sanitiseUntrusted} from '../base/sanitise.ts';
import {displayWidth} from './text-width.ts';

/** A line being typed, with its cursor as an inverse cell when it has the focus; scrolled so that the cursor is in view. */
export function draftText(draft: LineDraft, columns: number, isFocused: boolean): string {
  const chars = [...draft.text].map(char => sanitiseUntrusted(char) || '\ufffd');
  let first = 0;
  while (first < draft.cursor && displayWidth(chars.slice(first, draft.cursor + 1).join('')) >= columns) first++;
  let end = chars.length;
  while (end > draft.cursor + 1 && displayWidth(chars.slice(first, end).join('')) > columns) end--;
  const before = chars.slice(first, draft.cursor).join('');
  const after = chars.slice(draft.cursor + 1, end).join('');
  const under = chars[draft.cursor] ?? ' ';
  return isFocused ? `${before}\x1b[7m${under}\x1b[27m${after}` : before + (chars[draft.cursor] ?? '') + after;
}
