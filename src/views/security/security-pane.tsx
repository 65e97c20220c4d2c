import type {PlacedPane} from '../layout.ts';
import {ScrollPane} from '../text-pane.tsx';
import {securityRows} from './rows.ts';

/** How each running guest is confined, as the kernel says. */
export function SecurityPane({place}: {readonly place: PlacedPane}) {
  return <ScrollPane place={place} title={() => 'Security'} rows={securityRows} />;
}
