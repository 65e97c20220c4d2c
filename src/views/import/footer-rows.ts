import type {AppState} from '../../app/app-state.ts';
import type {LineDraft} from '../../app/line-draft.ts';
import type {Prompt} from '../../app/view-state.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {draftText} from '../../ui/draft-text.ts';
import {textRows} from '../../ui/fields.ts';
import {displayWidth, padEnd, truncate} from '../../ui/text-width.ts';
import type {Theme} from '../../ui/theme.ts';
import {importNameProblem} from './review-import.ts';

const WHERE_FROM =
  'A file (Tab completes), the number of a process, or the command line itself, pasted. Enter reads it.';

/** What can be typed where an import is asked for, and what was. */
export function importRows(
  {draft, offers, kept, error}: Extract<Prompt, {is: 'import'}>,
  columns: number,
  theme: Theme,
): readonly string[] {
  const note = kept === undefined ? WHERE_FROM : `${WHERE_FROM} Nothing typed goes on with ${sanitiseUntrusted(kept)}.`;
  const head =
    error !== undefined
      ? textRows(sanitiseUntrusted(error), columns, theme, 'danger')
      : offers.length > 0
        ? [` ${theme.paint('muted', truncate(offers.map(sanitiseUntrusted).join('  '), columns - 2))}`]
        : textRows(note, columns, theme, 'muted');
  return [...head, promptRow('import: ', draft, sizeOf(draft.text, columns), columns, theme)];
}

/** How long a text is that does not fit into the line. */
function sizeOf(text: string, columns: number): string {
  const lines = text.split('\n').length;
  if (lines === 1 && text.length < columns - 24) return '';
  return `${lines === 1 ? '' : `${lines} lines, `}${text.length} characters`;
}

/** The name of an imported domain while it is typed, with what is wrong with it. */
export function namingRows(
  state: Pick<AppState, 'domains'>,
  naming: LineDraft,
  columns: number,
  theme: Theme,
): readonly string[] {
  const problem = importNameProblem(state, naming.text.trim());
  const head =
    problem === undefined
      ? textRows('What the domain is to be called. Enter takes it, Esc leaves it.', columns, theme, 'muted')
      : textRows(sanitiseUntrusted(problem), columns, theme, 'warning');
  return [...head, promptRow('name: ', naming, '', columns, theme)];
}

function promptRow(label: string, draft: LineDraft, note: string, columns: number, theme: Theme): string {
  const right = note === '' ? '' : `   ${theme.paint('muted', note)}`;
  const room = columns - label.length - displayWidth(right) - 2;
  return padEnd(` ${theme.paint('strong', label)}${draftText(draft, room, true)}${right}`, columns);
}
