import type {AppState} from '../../app/app-state.ts';
import {EMPTY_MONITOR} from '../../app/monitor-log.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {innerSize} from '../../ui/pane-frame.ts';
import {sameFields, useSelect} from '../../ui/use-select.ts';
import type {PlacedPane} from '../layout.ts';
import {useScreen} from '../screen-context.ts';
import {EdgedPane, hasFocus} from '../text-pane.tsx';
import {monitorRows, rowStarts} from './rows.ts';

/** The QEMU monitor of the selected domain: a prompt, and what was answered. */
export function MonitorPane({place}: {readonly place: PlacedPane}) {
  const {store, theme, extents} = useScreen();
  const {columns, rows} = innerSize(place);
  const shown = useSelect(
    store,
    state => {
      const isFocused = hasFocus(state, 'monitor');
      const log = state.monitors.get(state.view.selected ?? '') ?? EMPTY_MONITOR;
      const starts = rowStarts(log, columns);
      extents.set('monitor', {lines: (starts.at(-1) ?? 0) + 1, rows, starts});
      return {
        title: `Monitor  ${sanitiseUntrusted(state.view.selected ?? '')}`.trimEnd(),
        note: monitorNote(state),
        isFocused,
        lines: monitorRows(state, {columns, rows, isFocused}, theme),
      };
    },
    sameFields,
  );
  return <EdgedPane place={place} {...shown} />;
}

function monitorNote(state: AppState): string {
  const {scroll, monitorSearch} = state.view;
  if (monitorSearch && hasFocus(state, 'monitor')) return 'n older, N newer, Esc ends the search';
  if (scroll.monitor > 0) return `${scroll.monitor} lines back, PgDn`;
  const {showsEvents} = state.monitors.get(state.view.selected ?? '') ?? EMPTY_MONITOR;
  return `${showsEvents ? 'events shown, ' : ''}${hasFocus(state, 'monitor') ? 'Esc leaves' : 'm types here'}`;
}
