import type {AppState} from '../../app/app-state.ts';
import {visibleDomains} from '../../app/app-state.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {innerSize} from '../../ui/pane-frame.ts';
import {sameFields, useSelect} from '../../ui/use-select.ts';
import type {PlacedPane} from '../layout.ts';
import {useScreen} from '../screen-context.ts';
import {EdgedPane, hasFocus} from '../text-pane.tsx';
import {domainRows} from './rows.ts';

/** The live table of domains. */
export function DomainsPane({place}: {readonly place: PlacedPane}) {
  const {store, theme} = useScreen();
  const inner = innerSize(place);
  const shown = useSelect(
    store,
    state => ({
      title: 'Domains',
      note: listNote(state),
      isFocused: hasFocus(state, 'domains'),
      lines: domainRows(state, inner, theme),
    }),
    sameFields,
  );
  return <EdgedPane place={place} {...shown} />;
}

function listNote(state: AppState): string {
  const {filter, selected} = state.view;
  const visible = visibleDomains(state);
  const at = visible.findIndex(domain => domain.name === selected);
  const place = visible.length === 0 ? '' : `${at + 1} of ${visible.length}`;
  return filter === '' ? place : `/${sanitiseUntrusted(filter)}  ${place}`;
}
