import {type AppState, selectedDomain} from '../../app/app-state.ts';
import {EMPTY_MONITOR, hasText, type MonitorLine, type MonitorLog, type MonitorSearch} from '../../app/monitor-log.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {isActive} from '../../model/domain-state.ts';
import {draftText} from '../../ui/draft-text.ts';
import {textRows} from '../../ui/fields.ts';
import {wrap} from '../../ui/text-width.ts';
import type {Role, Theme} from '../../ui/theme.ts';

const PROMPT = '(qemu) ';
const ROLES: Readonly<Record<MonitorLine['kind'], Role>> = {
  command: 'strong',
  answer: 'text',
  error: 'danger',
  event: 'muted',
};

/** Why no command can be given now; undefined when one can. */
export function monitorHindrance(state: AppState): string | undefined {
  const domain = selectedDomain(state);
  if (!domain) return 'No domain is selected.';
  if (state.abilities.monitor !== true) return state.abilities.monitor;
  const foreign = domain.foreign?.monitor ?? true;
  if (foreign !== true) return sanitiseUntrusted(`'${domain.name}' belongs to others, and ${foreign}.`);
  if (!isActive(domain.state)) {
    return `'${sanitiseUntrusted(domain.name)}' is ${domain.state.is}: it has no monitor until it is started.`;
  }
  return undefined;
}

/**
 * The talk with the monitor and its prompt, as many rows as there is room for.
 *
 * @param scroll  lines back from the newest
 */
export function monitorRows(
  state: AppState,
  options: {readonly columns: number; readonly rows: number; readonly isFocused: boolean},
  theme: Theme,
): readonly string[] {
  const {columns, rows, isFocused} = options;
  const log = state.monitors.get(state.view.selected ?? '') ?? EMPTY_MONITOR;
  const hindrance = monitorHindrance(state);
  const past = pastRows(log, state.view.monitorSearch, columns, theme);
  const bottom =
    hindrance === undefined
      ? [...offerRows(log, columns, rows, theme), promptRow(log, columns, isFocused, theme)]
      : textRows(hindrance, columns, theme, 'warning');
  const room = Math.max(0, rows - bottom.length);
  const back = Math.max(0, Math.min(state.view.scroll.monitor, past.length - room));
  const shown = past.slice(Math.max(0, past.length - room - back), past.length - back);
  return [...shown, ...bottom];
}

/** Everything above the prompt; lines that are looked for stand out, the one that was found last most. */
function pastRows(
  log: MonitorLog,
  search: MonitorSearch | undefined,
  columns: number,
  theme: Theme,
): readonly string[] {
  return log.lines.flatMap((line, index) => {
    const isMatch = search !== undefined && hasText(line, search.text);
    const found = search?.match === index ? 'selection' : 'accent';
    return lineTexts(line, columns).map(text => theme.paint(isMatch ? found : ROLES[line.kind], text));
  });
}

/** The row at which each line begins, and at last the number of all rows. */
export function rowStarts(log: MonitorLog, columns: number): readonly number[] {
  const starts = [0];
  let row = 0;
  for (const line of log.lines) {
    row += lineTexts(line, columns).length;
    starts.push(row);
  }
  return starts;
}

function lineTexts({kind, text}: MonitorLine, columns: number): readonly string[] {
  return wrap(kind === 'command' ? PROMPT + text : text, columns);
}

/** What the word at the prompt can be, in at most a third of the pane. */
function offerRows(log: MonitorLog, columns: number, rows: number, theme: Theme): readonly string[] {
  if (log.offers.length === 0) return [];
  const all = wrap(log.offers.join('  '), columns).map(line => line.trimStart());
  const room = Math.max(1, Math.floor(rows / 3));
  const shown = all.length > room ? [...all.slice(0, room - 1), `${log.offers.length} words: type on`] : all;
  return shown.map(line => theme.paint('accent', line));
}

function promptRow(log: MonitorLog, columns: number, isFocused: boolean, theme: Theme): string {
  if (log.busy) return theme.paint('muted', `waiting for QEMU${theme.glyphs.busy}`);
  return theme.paint('strong', PROMPT) + draftText(log.draft, columns - PROMPT.length, isFocused);
}
