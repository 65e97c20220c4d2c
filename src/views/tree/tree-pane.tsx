import {useMemo} from 'react';
import type {AppState} from '../../app/app-state.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {innerSize} from '../../ui/pane-frame.ts';
import {sameFields, useSelect} from '../../ui/use-select.ts';
import type {PlacedPane} from '../layout.ts';
import {useScreen} from '../screen-context.ts';
import {EdgedPane, hasFocus} from '../text-pane.tsx';
import type {TreePaneId} from './reduce-tree-pane.ts';
import {TreeDrawer, type TreeLook, type TreeSize} from './tree-rows.ts';

/** What of a tree is in view, and where among all of it the cursor is. */
export interface TreePart {
  readonly lines: readonly string[];
  /** `3 of 40`; empty where all of it is in view. */
  readonly place: string;
}

interface TreePaneProps {
  readonly place: PlacedPane;
  readonly pane: TreePaneId;
  readonly title: (state: AppState) => string;
  readonly rows: (state: AppState, drawer: TreeDrawer, size: TreeSize, look: TreeLook) => TreePart;
}

/** A pane that is a tree. */
export function TreePane({place, pane, title, rows}: TreePaneProps) {
  const {store, theme, extents} = useScreen();
  const inner = innerSize(place);
  const drawer = useMemo(() => new TreeDrawer(), []);
  const shown = useSelect(
    store,
    state => {
      extents.set(pane, {lines: 0, rows: inner.rows});
      const isFocused = hasFocus(state, pane);
      const {lines, place: at} = rows(state, drawer, inner, {theme, isFocused});
      const {search} = state.view[pane];
      const note = search === '' ? at : `/${sanitiseUntrusted(search)}  ${at}`;
      return {title: title(state), note, isFocused, lines};
    },
    sameFields,
  );
  return <EdgedPane place={place} {...shown} />;
}
