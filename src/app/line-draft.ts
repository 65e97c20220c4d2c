/** A line being typed; `cursor` counts characters (code points), 0 is before the first. */
export interface LineDraft {
  readonly text: string;
  readonly cursor: number;
}

export const EMPTY_DRAFT: LineDraft = {text: '', cursor: 0};

export const LINE_EDITS = [
  'left',
  'right',
  'home',
  'end',
  'backspace',
  'delete',
  'delete-word',
  'delete-to-start',
  'delete-to-end',
] as const;
export type LineEdit = (typeof LINE_EDITS)[number];

/** A draft with the cursor behind its text. */
export function draftOf(text: string): LineDraft {
  return {text, cursor: [...text].length};
}

/** Puts text in at the cursor, which ends behind it. */
export function insertText(draft: LineDraft, text: string): LineDraft {
  const chars = [...draft.text];
  chars.splice(draft.cursor, 0, text);
  return {text: chars.join(''), cursor: draft.cursor + [...text].length};
}

/** Applies one editing command. */
export function editLine(draft: LineDraft, edit: LineEdit): LineDraft {
  const chars = [...draft.text];
  const at = draft.cursor;
  switch (edit) {
    case 'left':
      return {...draft, cursor: Math.max(0, at - 1)};
    case 'right':
      return {...draft, cursor: Math.min(chars.length, at + 1)};
    case 'home':
      return {...draft, cursor: 0};
    case 'end':
      return {...draft, cursor: chars.length};
    case 'backspace':
      return cut(chars, Math.max(0, at - 1), at);
    case 'delete':
      return cut(chars, at, at + 1);
    case 'delete-word':
      return cut(chars, wordStart(chars, at), at);
    case 'delete-to-start':
      return cut(chars, 0, at);
    case 'delete-to-end':
      return cut(chars, at, chars.length);
  }
}

function cut(chars: readonly string[], from: number, to: number): LineDraft {
  return {text: [...chars.slice(0, from), ...chars.slice(to)].join(''), cursor: from};
}

function wordStart(chars: readonly string[], at: number): number {
  let start = at;
  while (start > 0 && chars[start - 1] === ' ') start--;
  while (start > 0 && chars[start - 1] !== ' ') start--;
  return start;
}
