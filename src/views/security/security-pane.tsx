import type {PlacedPane} from '../layout.ts';
import {useScreen} from '../screen-context.ts';
import {TreePane} from '../tree/tree-pane.tsx';
import {differingWords} from './guest-entries.ts';
import {securityRows} from './rows.ts';

/** How this instance confines its guests, and how each of them is confined, as the kernel says. */
export function SecurityPane({place}: {readonly place: PlacedPane}) {
  const {securityTree: tree} = useScreen();
  return (
    <TreePane
      place={place}
      pane="security"
      title={({drift}) => `Security  ${differingWords(drift.size)}`.trimEnd()}
      rows={(state, drawer, size, look) => securityRows(state, {tree, drawer}, size, look)}
    />
  );
}
