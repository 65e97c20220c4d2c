import {useMemo} from 'react';
import type {AppState} from '../../app/app-state.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {innerSize} from '../../ui/pane-frame.ts';
import {sameFields, useSelect} from '../../ui/use-select.ts';
import type {PlacedPane} from '../layout.ts';
import {useScreen} from '../screen-context.ts';
import {EdgedPane, hasFocus} from '../text-pane.tsx';
import {TreeDrawer} from '../tree/tree-rows.ts';
import {capabilitiesRows} from './rows.ts';

/** The host, and the guests that its emulators can run, as a tree. */
export function CapabilitiesPane({place}: {readonly place: PlacedPane}) {
  const {store, theme, tree, extents} = useScreen();
  const inner = innerSize(place);
  const drawer = useMemo(() => new TreeDrawer(), []);
  const shown = useSelect(
    store,
    state => {
      extents.set('capabilities', {lines: 0, rows: inner.rows});
      const isFocused = hasFocus(state, 'capabilities');
      const {lines, place: at} = capabilitiesRows(state, {tree, drawer}, inner, {theme, isFocused});
      return {title: capabilitiesTitle(state), note: capabilitiesNote(state, at), isFocused, lines};
    },
    sameFields,
  );
  return <EdgedPane place={place} {...shown} />;
}

function capabilitiesTitle({capabilities}: AppState): string {
  const all = capabilities?.emulators ?? [];
  const probing = all.filter(emulator => emulator.status === 'probing').length;
  return probing === 0 ? 'Capabilities' : `Capabilities  asked ${all.length - probing} of ${all.length}`;
}

function capabilitiesNote({view}: AppState, at: string): string {
  const {search} = view.capabilities;
  return search === '' ? at : `/${sanitiseUntrusted(search)}  ${at}`;
}
