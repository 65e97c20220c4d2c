import {type AppState, keepSelection, withEntry} from '../app/app-state.ts';
import type {CommandId} from '../app/command-ids.ts';
import type {DocumentView} from '../app/document.ts';
import {draftOf, editLine, insertText, LINE_EDITS, type LineDraft} from '../app/line-draft.ts';
import {EMPTY_MONITOR} from '../app/monitor-log.ts';
import {completeCommandLine, typedPath} from './command-line.ts';
import {completePath} from './complete-path.ts';
import {frontDisplay, withDisplay} from './display/reduce-display.ts';
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

/** Completes the command line, or offers what there is; undefined for a path, which only the host can complete. */
export function completePrompt(state: AppState): AppState | undefined {
  const {prompt} = state.view;
  if (prompt.is !== 'command') return state;
  if (typedPath(prompt.draft.text)) return undefined;
  const names = state.domains.map(domain => domain.name);
  const {text, offers} = completeCommandLine(prompt.draft.text, names);
  return {...state, view: {...state.view, prompt: {...prompt, draft: draftOf(text), offers}}};
}

/** The path of a file that is being typed at the prompt, and what stands before it. */
export function pathAtPrompt(state: AppState): {readonly head: string; readonly path: string} | undefined {
  const {prompt} = state.view;
  if (prompt.is === 'import' || prompt.is === 'save') return {head: '', path: prompt.draft.text};
  return prompt.is === 'command' ? typedPath(prompt.draft.text) : undefined;
}

/** Completes that path by the names that there are. */
export function completePathAtPrompt(state: AppState, names: readonly string[]): AppState {
  const {view} = state;
  const {prompt} = view;
  const typed = pathAtPrompt(state);
  if (!typed || (prompt.is !== 'import' && prompt.is !== 'command' && prompt.is !== 'save')) return state;
  const {text, offers} = completePath(typed.path, names);
  return {...state, view: {...view, prompt: {...prompt, draft: draftOf(typed.head + text), offers}}};
}

/** Walks the history of the command line. */
export function walkCommands(state: AppState, step: -1 | 1): AppState {
  const {prompt, commandHistory} = state.view;
  if (prompt.is !== 'command') return state;
  const historyAt = Math.min(commandHistory.length, Math.max(0, prompt.historyAt + step));
  const draft = draftOf(commandHistory[historyAt] ?? '');
  return {...state, view: {...state.view, prompt: {...prompt, draft, historyAt, offers: []}}};
}

function changeDraft(state: AppState, change: (draft: LineDraft) => LineDraft): AppState {
  const {view} = state;
  const {prompt} = view;
  const display = frontDisplay(state);
  if (display) return display.draft ? withDisplay(state, {...display, draft: change(display.draft)}) : state;
  const document = frontDocument(state);
  if (document) return changeDocumentDraft(state, document, change);
  if (prompt.is === 'find') return {...state, view: {...view, prompt: {...prompt, draft: change(prompt.draft)}}};
  if (prompt.is === 'filter') {
    const draft = change(prompt.draft);
    return keepSelection({...state, view: {...view, filter: draft.text, prompt: {...prompt, draft}}});
  }
  if (prompt.is === 'command' || prompt.is === 'save') {
    return {...state, view: {...view, prompt: {...prompt, draft: change(prompt.draft), offers: []}}};
  }
  if (prompt.is === 'import') {
    const {error: _error, ...rest} = prompt;
    return {...state, view: {...view, prompt: {...rest, draft: change(prompt.draft), offers: []}}};
  }
  if (view.focus !== 'monitor' || view.selected === undefined) return state;
  const log = state.monitors.get(view.selected) ?? EMPTY_MONITOR;
  const monitors = withEntry(state.monitors, view.selected, {...log, draft: change(log.draft), offers: []});
  return {...state, monitors, view: {...view, monitorSearch: undefined, scroll: {...view.scroll, monitor: 0}}};
}

/** The search, or the name of an imported domain. */
function changeDocumentDraft(
  state: AppState,
  document: DocumentView,
  change: (draft: LineDraft) => LineDraft,
): AppState {
  const {draft, review} = document;
  if (draft) return withDocument(state, {...document, draft: change(draft)});
  if (review?.is !== 'import' || !review.naming) return state;
  return withDocument(state, {...document, review: {...review, naming: change(review.naming)}});
}
