import {Box} from 'ink';
import {useLayoutEffect, useMemo} from 'react';
import type {DisplayView} from '../../app/display.ts';
import {type ImageStyle, imageStyle} from '../../app/graphics.ts';
import type {Picture} from '../../base/picture.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {TextPane} from '../../ui/pane.tsx';
import {innerSize, type PaneEdge} from '../../ui/pane-frame.ts';
import {useSelect} from '../../ui/use-select.ts';
import type {Layout} from '../layout.ts';
import {useScreen} from '../screen-context.ts';
import {displayHindrance, displayNote, displayRows, shownImage} from './rows.ts';

interface DisplayLayerProps {
  readonly layout: Layout;
  readonly display: DisplayView;
}

/** A guest's screen over everything but the header and the footer. */
export function DisplayLayer({layout, display}: DisplayLayerProps) {
  const {store, theme} = useScreen();
  const graphics = useSelect(store, state => state.graphics);
  const style = useMemo(() => imageStyle(graphics), [graphics]);
  const {columns} = layout;
  const rows = layout.rows - layout.footerRows - 1;
  const reading = useSelect(store, state => state.displays.get(display.domain));
  const hindrance = useSelect(store, state => displayHindrance(state, display.domain));
  const inner = innerSize({frame: 'rule', columns, rows});
  const size = {columns: inner.columns, rows: inner.rows};
  const look = {hindrance, zoom: display.zoom, isImage: style !== undefined};
  // Size and look are objects that are new each time.
  const parts = [reading, hindrance, display.zoom, style];
  const lines = useMemo(() => displayRows(reading, look, size, theme), [...parts, inner.columns, inner.rows, theme]);
  const image = useMemo(() => shownImage(reading, look), parts);
  useImage(image, style, inner);
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

/** The line of the header, and the edge of the pane. */
const ROWS_ABOVE = 2;

/**
 * Keeps an image over the blank rows of the pane. React runs what an effect returns before Ink draws the next frame: the
 * image is gone by then, and the frame finds the blanks that it counts on.
 */
function useImage(
  picture: Picture | undefined,
  style: ImageStyle | undefined,
  {columns, rows}: {readonly columns: number; readonly rows: number},
): void {
  const {plate} = useScreen();
  const isShown = picture !== undefined;
  useLayoutEffect(() => {
    if (!style || !isShown) return undefined;
    const placed = plate.place({style, room: {top: ROWS_ABOVE, left: 0, columns, rows}});
    return () => placed.dispose();
  }, [plate, style, isShown, columns, rows]);
  useLayoutEffect(() => {
    if (picture) plate.show(picture);
  }, [plate, picture]);
}
