import {Box} from 'ink';
import type {DocumentView} from '../../app/document.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {scrolled} from '../../ui/fields.ts';
import {TextPane} from '../../ui/pane.tsx';
import {innerSize, type PaneEdge} from '../../ui/pane-frame.ts';
import type {Layout} from '../layout.ts';
import {useScreen} from '../screen-context.ts';
import {scrollNote} from '../text-pane.tsx';
import {documentNote, documentRows} from './rows.ts';

interface DocumentLayerProps {
  readonly layout: Layout;
  readonly document: DocumentView;
}

/** A document over everything but the header and the footer. */
export function DocumentLayer({layout, document}: DocumentLayerProps) {
  const {theme, extents} = useScreen();
  const {columns} = layout;
  const rows = layout.rows - layout.footerRows - 1;
  const inner = innerSize({frame: 'box', columns, rows});
  const {rows: all, starts} = documentRows(document, inner.columns, theme);
  extents.set('modal', {lines: all.length, rows: inner.rows, starts});
  const first = Math.max(0, Math.min(document.scroll, all.length - inner.rows));
  const edge: PaneEdge = {
    frame: 'box',
    columns,
    rows,
    title: sanitiseUntrusted(document.title),
    note: documentNote(document, scrollNote(all.length, inner.rows, first)),
    isFocused: true,
  };
  return (
    <Box position="absolute" top={1} left={0} width={columns} height={rows}>
      <TextPane edge={edge} lines={scrolled(all, first, inner.rows)} theme={theme} />
    </Box>
  );
}
