import {Box} from 'ink';
import {useMemo} from 'react';
import type {DisplayView} from '../../app/display.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {TextPane} from '../../ui/pane.tsx';
import {innerSize, type PaneEdge} from '../../ui/pane-frame.ts';
import {useSelect} from '../../ui/use-select.ts';
import type {Layout} from '../layout.ts';
import {useScreen} from '../screen-context.ts';
import {displayHindrance, displayNote, displayRows} from './rows.ts';

interface DisplayLayerProps {
  readonly layout: Layout;
  readonly display: DisplayView;
}

/** A guest's screen over everything but the header and the footer. */
export function DisplayLayer({layout, display}: DisplayLayerProps) {
  const {store, theme} = useScreen();
  const {columns} = layout;
  const rows = layout.rows - layout.footerRows - 1;
  const reading = useSelect(store, state => state.displays.get(display.domain));
  const hindrance = useSelect(store, state => displayHindrance(state, display.domain));
  const inner = innerSize({frame: 'rule', columns, rows});
  const size = {columns: inner.columns, rows: inner.rows};
  const lines = useMemo(
    () => displayRows(reading, {hindrance, zoom: display.zoom}, size, theme),
    // The size is two numbers in an object that is new each time.
    [reading, hindrance, display.zoom, inner.columns, inner.rows, theme],
  );
  const edge: PaneEdge = {
    frame: 'rule',
    columns,
    rows,
    title: `Screen of ${sanitiseUntrusted(display.domain)}`,
    note: displayNote(reading),
    isFocused: true,
  };
  return (
    <Box position="absolute" top={1} left={0} width={columns} height={rows}>
      <TextPane edge={edge} lines={lines} theme={theme} />
    </Box>
  );
}
