import {type AppState, selectedDomain} from '../../app/app-state.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import type {PaneEdge} from '../../ui/pane-frame.ts';
import type {PlacedPane} from '../layout.ts';

/** What the edge has to know of a console that is open. */
export interface ConsoleFacts {
  readonly alias: string;
  readonly isLive: boolean;
  /** Lines between what is shown and the newest output. */
  readonly linesBack: number;
}

/** The edge of the console pane: whose console it is, whether keys go to the guest, and how to leave it. */
export function consoleEdge(state: AppState, place: PlacedPane, console: ConsoleFacts | undefined): PaneEdge {
  const {frame, columns, rows} = place;
  const name = sanitiseUntrusted(selectedDomain(state)?.name ?? '');
  const {typing} = state.view;
  const isFocused = state.view.focus === 'console' && state.view.modals.length === 0;
  const device = console ? ` ${sanitiseUntrusted(console.alias)}` : '';
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
  if (!console.isLive) {
    const off = 'guest is off: output kept, nothing can be typed';
    return typing ? `${leave}  ${off}` : off;
  }
  return console.linesBack > 0 ? `${console.linesBack} lines back  ${leave}` : leave;
}
