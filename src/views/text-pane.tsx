import {useMemo} from 'react';
import type {AppState} from '../app/app-state.ts';
import type {PaneId} from '../app/view-state.ts';
import {scrolled} from '../ui/fields.ts';
import {TextPane} from '../ui/pane.tsx';
import {innerSize, type PaneEdge} from '../ui/pane-frame.ts';
import type {Theme} from '../ui/theme.ts';
import {sameFields, useSelect} from '../ui/use-select.ts';
import type {PlacedPane} from './layout.ts';
import {useScreen} from './screen-context.ts';

interface ScrollPaneProps {
  readonly place: PlacedPane;
  readonly title: (state: AppState) => string;
  /** Everything there is to show, before scrolling. */
  readonly rows: (state: AppState, columns: number, theme: Theme) => readonly string[];
}

/** A pane of text that may be longer than the pane. */
export function ScrollPane({place, title, rows}: ScrollPaneProps) {
  const {store, theme, extents} = useScreen();
  const inner = innerSize(place);
  const shown = useSelect(
    store,
    state => {
      const all = rows(state, inner.columns, theme);
      extents.set(place.pane, {lines: all.length, rows: inner.rows});
      const first = Math.max(0, Math.min(state.view.scroll[place.pane], all.length - inner.rows));
      return {
        title: title(state),
        note: scrollNote(all.length, inner.rows, first),
        isFocused: hasFocus(state, place.pane),
        lines: scrolled(all, first, inner.rows),
      };
    },
    sameFields,
  );
  return <EdgedPane place={place} {...shown} />;
}

interface EdgedPaneProps {
  readonly place: PlacedPane;
  readonly title: string;
  readonly note: string;
  readonly isFocused: boolean;
  readonly lines: readonly string[];
}

/** Lines inside the edge of a placed pane. */
export function EdgedPane({place, title, note, isFocused, lines}: EdgedPaneProps) {
  const {theme} = useScreen();
  const {frame, columns, rows} = place;
  const edge: PaneEdge = useMemo(
    () => ({title, note, isFocused, frame, columns, rows}),
    [title, note, isFocused, frame, columns, rows],
  );
  return <TextPane edge={edge} lines={lines} theme={theme} />;
}

/** True when the keys go to a pane: it has the focus and nothing is in front of it. */
export function hasFocus(state: AppState, pane: PaneId): boolean {
  return state.view.focus === pane && state.view.modals.length === 0;
}

/** `12-30 of 44` where not everything is in view. */
export function scrollNote(lines: number, rows: number, first: number): string {
  return lines <= rows ? '' : `${first + 1}-${Math.min(lines, first + rows)} of ${lines}`;
}
