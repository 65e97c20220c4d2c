import type {AppState} from '../../app/app-state.ts';
import type {PlacedPane} from '../layout.ts';
import {useScreen} from '../screen-context.ts';
import {TreePane} from '../tree/tree-pane.tsx';
import {capabilitiesRows} from './rows.ts';

/** The host, and the guests that its emulators can run, as a tree. */
export function CapabilitiesPane({place}: {readonly place: PlacedPane}) {
  const {tree} = useScreen();
  return (
    <TreePane
      place={place}
      pane="capabilities"
      title={capabilitiesTitle}
      rows={(state, drawer, size, look) => capabilitiesRows(state, {tree, drawer}, size, look)}
    />
  );
}

function capabilitiesTitle({capabilities}: AppState): string {
  const all = capabilities?.emulators ?? [];
  const probing = all.filter(emulator => emulator.status === 'probing').length;
  return probing === 0 ? 'Capabilities' : `Capabilities  asked ${all.length - probing} of ${all.length}`;
}
