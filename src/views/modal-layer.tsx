import {Box} from 'ink';
import type {AppState} from '../app/app-state.ts';
import type {Modal} from '../app/view-state.ts';
import {scrolled} from '../ui/fields.ts';
import {TextPane} from '../ui/pane.tsx';
import {innerSize, type PaneEdge} from '../ui/pane-frame.ts';
import {sameFields, useSelect} from '../ui/use-select.ts';
import {ActionMenu} from './action-menu.tsx';
import {DisplayLayer} from './display/display-layer.tsx';
import {DocumentLayer} from './document/document-layer.tsx';
import {helpRows} from './help/rows.ts';
import type {Layout} from './layout.ts';
import {allMessageRows} from './messages-rows.ts';
import {useScreen} from './screen-context.ts';
import {scrollNote} from './text-pane.tsx';

const MODAL_COLUMNS = 100;

/** What is in front of the panes, if anything. A question is asked at the foot of the screen, not here. */
export function ModalLayer({layout}: {readonly layout: Layout}) {
  const modal = useSelect(useScreen().store, state => state.view.modals.findLast(one => one.is !== 'confirm'));
  if (!modal) return null;
  if (modal.is === 'display') return <DisplayLayer layout={layout} display={modal} />;
  if (modal.is === 'menu') return <ActionMenu layout={layout} domain={modal.domain} />;
  if (modal.is === 'document') return <DocumentLayer layout={layout} document={modal} />;
  return <TextModal layout={layout} modal={modal} />;
}

interface TextModalProps {
  readonly layout: Layout;
  readonly modal: Extract<Modal, {is: 'help' | 'messages'}>;
}

/** The help, or every message in full. */
function TextModal({layout, modal}: TextModalProps) {
  const {store, theme, extents} = useScreen();
  const columns = Math.min(MODAL_COLUMNS, layout.columns);
  const rows = layout.rows - layout.footerRows - 1;
  const box = {frame: 'box', columns, rows} as const;
  const inner = innerSize(box);
  const shown = useSelect(
    store,
    (state: AppState) => {
      const all =
        modal.is === 'help'
          ? helpRows(inner.columns, theme)
          : allMessageRows(state.messages.shown, inner.columns, theme);
      extents.set('modal', {lines: all.length, rows: inner.rows});
      return {
        lines: scrolled(all, modal.scroll, inner.rows),
        note: scrollNote(all.length, inner.rows, Math.min(modal.scroll, Math.max(0, all.length - inner.rows))),
      };
    },
    sameFields,
  );
  const edge: PaneEdge = {...box, title: modal.is === 'help' ? 'Keys' : 'Messages', note: shown.note, isFocused: true};
  return (
    <Box position="absolute" top={1} left={Math.floor((layout.columns - columns) / 2)} width={columns} height={rows}>
      <TextPane edge={edge} lines={shown.lines} theme={theme} />
    </Box>
  );
}
