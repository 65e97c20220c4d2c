import {type AppState, keepSelection, withEntry} from '../app/app-state.ts';
import type {CommandId} from '../app/command-ids.ts';
import {draftOf, editLine, insertText, LINE_EDITS, type LineDraft} from '../app/line-draft.ts';
import {EMPTY_MONITOR, walkHistory} from '../app/monitor-log.ts';
import {completeCommandLine} from './command-line.ts';
import {frontDocument, withDocument} from './document/reduce-document.ts';

/** Puts typed or pasted text into the line that is being typed: the prompt, else the monitor's. */
export function typeText(state: AppState, text: string): AppState {
  return changeDraft(state, draft => insertText(draft, text));
}

/** Applies an editing key to the line that is being typed; undefined for any other command. */
export function editDraft(state: AppState, command: CommandId): AppState | undefined {
  const edit = LINE_EDITS.find(candidate => command === `line.${candidate}`);
  return edit === undefined ? undefined : changeDraft(state, draft => editLine(draft, edit));
}

/** Completes the command line, or offers what there is. */
export function completePrompt(state: AppState): AppState {
  const {prompt} = state.view;
  if (prompt.is !== 'command') return state;
  const names = state.domains.map(domain => domain.name);
  const {text, offers} = completeCommandLine(prompt.draft.text, names);
  return {...state, view: {...state.view, prompt: {...prompt, draft: draftOf(text), offers}}};
}

/** Walks the history of the command line. */
export function walkCommands(state: AppState, step: -1 | 1): AppState {
  const {prompt, commandHistory} = state.view;
  if (prompt.is !== 'command') return state;
  const historyAt = Math.min(commandHistory.length, Math.max(0, prompt.historyAt + step));
  const draft = draftOf(commandHistory[historyAt] ?? '');
  return {...state, view: {...state.view, prompt: {...prompt, draft, historyAt, offers: []}}};
}

/** Walks the history of the selected domain's monitor. */
export function walkMonitor(state: AppState, step: -1 | 1): AppState {
  const {selected} = state.view;
  if (selected === undefined) return state;
  const log = state.monitors.get(selected) ?? EMPTY_MONITOR;
  return {...state, monitors: withEntry(state.monitors, selected, walkHistory(log, step))};
}

function changeDraft(state: AppState, change: (draft: LineDraft) => LineDraft): AppState {
  const {view} = state;
  const {prompt} = view;
  const document = frontDocument(state);
  if (document) return document.draft ? withDocument(state, {...document, draft: change(document.draft)}) : state;
  if (prompt.is === 'filter') {
    const draft = change(prompt.draft);
    return keepSelection({...state, view: {...view, filter: draft.text, prompt: {...prompt, draft}}});
  }
  if (prompt.is === 'command') {
    return {...state, view: {...view, prompt: {...prompt, draft: change(prompt.draft), offers: []}}};
  }
  if (view.focus !== 'monitor' || view.selected === undefined) return state;
  const log = state.monitors.get(view.selected) ?? EMPTY_MONITOR;
  const monitors = withEntry(state.monitors, view.selected, {...log, draft: change(log.draft)});
  return {...state, monitors, view: {...view, scroll: {...view.scroll, monitor: 0}}};
}
