import type {Message} from '../app/messages.ts';
import {sanitiseUntrusted} from '../base/sanitise.ts';
import {textRows} from '../ui/fields.ts';
import {truncate} from '../ui/text-width.ts';
import type {Role, Theme} from '../ui/theme.ts';

const ROLES: Readonly<Record<Message['level'], Role>> = {
  error: 'danger',
  warning: 'warning',
  notice: 'warning',
  info: 'text',
};
const WORDS: Readonly<Record<Message['level'], string>> = {
  error: 'error: ',
  warning: 'warning: ',
  notice: '',
  info: '',
};

/** One message in full: what happened, the lines that belong to it, what to do. */
export function messageRows(message: Message, columns: number, theme: Theme): readonly string[] {
  return [
    ...textRows(WORDS[message.level] + sanitiseUntrusted(message.text), columns, theme, ROLES[message.level]),
    ...message.detail.flatMap(line => textRows(`  ${sanitiseUntrusted(line)}`, columns, theme)),
    ...(message.hint === undefined
      ? []
      : textRows(`hint: ${sanitiseUntrusted(message.hint)}`, columns, theme, 'accent')),
  ];
}

/** A message that fades, in one row. */
export function fadingRow(message: Message, columns: number, theme: Theme): string {
  const text = truncate(sanitiseUntrusted(message.text), columns - 2, theme.glyphs.ellipsis);
  return ` ${theme.paint(ROLES[message.level], text)}`;
}

/** Every message, newest first. Before scrolling. */
export function allMessageRows(messages: readonly Message[], columns: number, theme: Theme): readonly string[] {
  if (messages.length === 0) return [' No messages.'];
  return messages.toReversed().flatMap(message => [...messageRows(message, columns, theme), '']);
}

/** A message in at most `rows` rows at the foot of the screen, with a word on what was left out. */
export function messageFooter(
  message: Message,
  size: {readonly columns: number; readonly rows: number},
  theme: Theme,
): readonly string[] {
  const all = messageRows(message, size.columns, theme);
  if (all.length <= size.rows) return all;
  const hintRows = message.hint === undefined ? 0 : 1;
  const head = all.slice(0, Math.max(1, size.rows - 1 - hintRows));
  const left = all.length - head.length - hintRows;
  return [...head, ` ${theme.paint('muted', `${left} more lines: ! shows all`)}`, ...all.slice(all.length - hintRows)];
}
