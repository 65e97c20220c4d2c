import {type AppState, selectedDomain, visibleDomains} from '../app/app-state.ts';
import {actionOf} from '../app/command-ids.ts';
import {type DocumentView, matchingLines} from '../app/document.ts';
import {whyNot} from '../app/jobs.ts';
import type {LineDraft} from '../app/line-draft.ts';
import {currentMessage, fades} from '../app/messages.ts';
import {PANES, type PaneId} from '../app/view-state.ts';
import {sanitiseUntrusted} from '../base/sanitise.ts';
import {hasFailed, STATE_REASONS} from '../model/domain-state.ts';
import {draftText} from '../ui/draft-text.ts';
import {textRows} from '../ui/fields.ts';
import {findCommand, KEYMAP, type KeyBinding, type KeyContext, keyLabel} from '../ui/keymap.ts';
import {displayWidth, fit, padEnd, truncate} from '../ui/text-width.ts';
import type {Theme} from '../ui/theme.ts';
import {keyContexts} from './contexts.ts';
import {frontDocument} from './document/reduce-document.ts';
import {importRows, namingRows} from './import/footer-rows.ts';
import {fadingRow, messageFooter} from './messages-rows.ts';

export const PANE_TITLES: Readonly<Record<PaneId, string>> = {
  domains: 'Domains',
  detail: 'Detail',
  console: 'Console',
  monitor: 'Monitor',
  capabilities: 'Capabilities',
  security: 'Security',
};

const SHORT_TITLES: Readonly<Record<PaneId, string>> = {...PANE_TITLES, capabilities: 'Caps', security: 'Sec'};

/** The first line: what this is connected to, and how many domains are in which state. */
export function headerLine(state: AppState, columns: number, theme: Theme): string {
  const counts = state.listed ? stateCounts(state) : '';
  const right = `${state.instance.readOnly ? 'READ-ONLY  ' : ''}${counts}`;
  const host = state.capabilities?.host.hostname ?? '';
  const left = `${state.instance.uri}${host === '' ? '' : `  ${host}`}`;
  const room = columns - displayWidth(' virtty   ') - displayWidth(right) - 1;
  const middle = fit(sanitiseUntrusted(left), Math.max(0, room), 'left', theme.glyphs.ellipsis);
  return `${theme.paint('strong', ' virtty')}  ${theme.paint('muted', middle)} ${right} `;
}

function stateCounts(state: AppState): string {
  const counts = Object.keys(STATE_REASONS).flatMap(name => {
    const count = state.domains.filter(domain => domain.state.is === name && !domain.foreign).length;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  const foreign = state.domains.filter(domain => domain.foreign).length;
  if (foreign > 0) counts.push(`${foreign} of others`);
  return counts.length === 0 ? 'no domains' : counts.join('  ');
}

/** The second line of a narrow screen: all panes with their numbers, the one that is shown marked. */
export function tabLine(focus: PaneId, columns: number, theme: Theme): string {
  const line = (titles: Readonly<Record<PaneId, string>>) => PANES.map((pane, at) => ` ${at + 1} ${titles[pane]} `);
  const full = line(PANE_TITLES);
  const tabs = full.join('').length <= columns ? full : line(SHORT_TITLES);
  const painted = tabs.map((tab, at) => theme.paint(PANES[at] === focus ? 'selection' : 'muted', tab)).join('');
  return padEnd(painted, columns);
}

/** The last lines: what is typed, asked or said, and the keys that are valid now. */
export function footerRows(
  state: AppState,
  size: {readonly columns: number; readonly rows: number},
  theme: Theme,
): readonly string[] {
  const {prompt, modals} = state.view;
  const {columns} = size;
  if (prompt.is === 'filter') {
    const count = `${visibleDomains(state).length} of ${state.domains.length}`;
    return [padEnd(`/${draftText(prompt.draft, columns - 24, true)}   ${theme.paint('muted', count)}`, columns)];
  }
  if (prompt.is === 'find') return [findLine(prompt.draft, columns)];
  if (prompt.is === 'command') return offeringRows(':', prompt, columns, theme);
  if (prompt.is === 'save') return offeringRows(' history to file: ', prompt, columns, theme);
  if (prompt.is === 'import') return importRows(prompt, columns, theme);
  const modal = modals.at(-1);
  if (modal?.is === 'document' && modal.draft) return [searchLine(modal, modal.draft, columns, theme)];
  if (modal?.is === 'document' && modal.review?.is === 'import' && modal.review.naming)
    return namingRows(state, modal.review.naming, columns, theme);
  if (modal?.is === 'display' && modal.draft) return [promptLine(' type: ', modal.draft, columns)];
  if (modal?.is === 'confirm') {
    return [...textRows(sanitiseUntrusted(modal.question), columns, theme, 'danger'), hintLine(state, columns, theme)];
  }
  const message = currentMessage(state.messages);
  if (!message) return [hintLine(state, columns, theme)];
  if (fades(message)) return [padEnd(fadingRow(message, columns, theme), columns)];
  const rows = Math.max(2, Math.min(10, Math.floor(size.rows / 3)));
  return [...messageFooter(message, {columns, rows}, theme), hintLine(state, columns, theme)];
}

/** A line that is typed, above it what it can be completed to. */
function offeringRows(
  label: string,
  {draft, offers}: {readonly draft: LineDraft; readonly offers: readonly string[]},
  columns: number,
  theme: Theme,
): readonly string[] {
  const line = promptLine(label, draft, columns);
  if (offers.length === 0) return [line];
  return [theme.paint('muted', ` ${truncate(offers.map(sanitiseUntrusted).join('  '), columns - 2)}`), line];
}

function promptLine(label: string, draft: LineDraft, columns: number): string {
  return padEnd(`${label}${draftText(draft, columns - label.length - 1, true)}`, columns);
}

/** The pane is searched when the line is taken. */
function findLine(draft: LineDraft, columns: number): string {
  return padEnd(`/${draftText(draft, columns - 4, true)}`, columns);
}

function searchLine(document: DocumentView, draft: LineDraft, columns: number, theme: Theme): string {
  const found = draft.text === '' ? '' : `${matchingLines(document, draft.text).length} found`;
  return padEnd(`/${draftText(draft, columns - 24, true)}   ${theme.paint('muted', found)}`, columns);
}

/** The keys that do something now, the most useful first, as many as there is room for. */
export function hintLine(state: AppState, columns: number, theme: Theme): string {
  const contexts = keyContexts(state);
  const hints = KEYMAP.filter(binding => binding.hint && isUseful(state, binding))
    .map(binding => asNow(state, binding))
    .toSorted((a, b) => (a.rank ?? 9) - (b.rank ?? 9))
    .flatMap(binding => {
      const key = reachedKey(contexts, binding);
      return key === undefined ? [] : [[keyLabel(key), binding.hint ?? ''] as const];
    });
  const isMessage =
    currentMessage(state.messages) !== undefined && state.view.modals.length === 0 && !state.view.typing;
  const all = isMessage ? [['Esc', 'dismiss'] as const, ...hints] : hints;
  let line = '';
  let used = 0;
  for (const [key, hint] of all) {
    const width = displayWidth(key) + displayWidth(hint) + 3;
    if (used + width > columns) break;
    line += ` ${theme.paint('key', key)} ${theme.paint('muted', hint)} `;
    used += width;
  }
  return padEnd(line, columns);
}

/** After a start that failed, the key that says why comes first. */
function asNow(state: AppState, binding: KeyBinding): KeyBinding {
  const domain = binding.command === 'domain.explain' ? selectedDomain(state) : undefined;
  return domain && hasFailed(domain.state) ? {...binding, hint: 'why it did not start', rank: 0} : binding;
}

/** The first key of a binding that does not mean something else in front of its own context. */
function reachedKey(contexts: readonly KeyContext[], {context, keys, command}: KeyBinding): string | undefined {
  return contexts.includes(context) ? keys.find(key => findCommand(contexts, key) === command) : undefined;
}

/** A key of an action that its guard refuses is not offered. */
function isUseful(state: AppState, binding: KeyBinding): boolean {
  const document = frontDocument(state);
  if (document && binding.command === 'document.page') return document.pages.length > 1;
  const review = document?.review;
  if (binding.command === 'review.validate') return review?.is === 'edit' || review?.xml !== undefined;
  if (binding.command === 'edit.define' || binding.command === 'import.define') return review?.hindrance === undefined;
  const domain = selectedDomain(state);
  const action = actionOf(binding.command);
  if (action) return domain !== undefined && whyNot(state, action, domain.name) === undefined;
  if (binding.command === 'domain.pause') {
    return (
      domain !== undefined &&
      ['suspend', 'resume'].some(id => whyNot(state, id === 'suspend' ? id : 'resume', domain.name) === undefined)
    );
  }
  const needsDomain =
    binding.command.startsWith('domain.') ||
    binding.command === 'console.open' ||
    binding.command === 'display.open' ||
    binding.command === 'monitor.open';
  return domain !== undefined || !needsDomain;
}
