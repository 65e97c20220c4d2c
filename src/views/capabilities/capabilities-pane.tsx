import type {AppState} from '../../app/app-state.ts';
import type {PlacedPane} from '../layout.ts';
import {ScrollPane} from '../text-pane.tsx';
import {capabilitiesRows} from './rows.ts';

/** The host and the emulators that were found. */
export function CapabilitiesPane({place}: {readonly place: PlacedPane}) {
  return <ScrollPane place={place} title={capabilitiesTitle} rows={capabilitiesRows} />;
}

function capabilitiesTitle(state: AppState): string {
  const probing = state.capabilities?.emulators.filter(emulator => emulator.status === 'probing').length ?? 0;
  return probing === 0 ? 'Capabilities' : `Capabilities  asking ${probing} more`;
}
