import {type AppState, selectedDomain} from '../../app/app-state.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {PaneEdge} from '../../ui/pane-frame.ts';
import type {SearchResult} from '../../ui/terminal/scrollback-search.ts';
import type {PlacedPane} from '../layout.ts';

/** What the edge has to know of a console that is open. */
export interface ConsoleFacts {
  readonly alias: string;
  readonly isLive: boolean;
  /** Lines between what is shown and the newest output. */
  readonly linesBack: number;
  /** What is looked for. */
  readonly found?: SearchResult | undefined;
  /** How many serial lines and consoles the domain has, and which this is, from 1. */
  readonly place?: {readonly at: number; readonly count: number};
}

/** The edge of the console pane: whose console it is, whether keys go to the guest, and how to leave it. */
export function consoleEdge(state: AppState, place: PlacedPane, console: ConsoleFacts | undefined): PaneEdge {
  const {frame, columns, rows} = place;
  const name = sanitiseUntrusted(selectedDomain(state)?.name ?? '');
  const {typing} = state.view;
  const isFocused = state.view.focus === 'console' && state.view.modals.length === 0;
  const device = console ? ` ${sanitiseUntrusted(console.alias)}${ofSeveral(console)}` : '';
  const title = `Console  ${name}${device}${typing && console?.isLive !== false ? '  TYPING' : ''}`;
  return {
    title,
    note: consoleNote(typing, isFocused, console),
    isFocused,
    frame,
    columns,
    rows,
    role: typing ? 'warning' : 'accent',
  };
}

function consoleNote(typing: boolean, isFocused: boolean, console: ConsoleFacts | undefined): string {
  const leave = typing ? 'Ctrl-] leaves' : isFocused ? 'Enter types' : 'c types here';
  if (!console) return typing ? leave : '';
  const state = console.isLive ? viewState(console) : 'guest is off: output kept, nothing can be typed';
  const search = searchState(console);
  // Beside a search there is no room for what the line of hints says, too.
  return [typing || (console.isLive && search === '') ? leave : '', state, search].filter(it => it !== '').join('  ');
}

function ofSeveral({place}: ConsoleFacts): string {
  return place && place.count > 1 ? ` (${place.at} of ${place.count})` : '';
}

function viewState({linesBack}: ConsoleFacts): string {
  return linesBack === 0 ? 'following' : `paused, ${linesBack} ${linesBack === 1 ? 'line' : 'lines'} below`;
}

function searchState({found}: ConsoleFacts): string {
  if (!found) return '';
  return found.count === 0 ? 'not found' : `${found.at}/${found.count} found`;
}
