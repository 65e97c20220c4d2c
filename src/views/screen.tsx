import {Box, Text, useApp, usePaste, useWindowSize} from 'ink';
import {type ComponentType, useEffect} from 'react';
import type {PaneId} from '../app/view-state.ts';
import {useSelect} from '../ui/use-select.ts';
import {CapabilitiesPane} from './capabilities/capabilities-pane.tsx';
import {footerRows, headerLine, tabLine} from './chrome-rows.ts';
import {ConsolePane} from './console/console-pane.tsx';
import {DetailPane} from './detail/detail-pane.tsx';
import {DomainsPane} from './domains/domains-pane.tsx';
import {computeLayout, type Layout, MIN_COLUMNS, MIN_ROWS, type PlacedPane} from './layout.ts';
import {ModalLayer} from './modal-layer.tsx';
import {MonitorPane} from './monitor/monitor-pane.tsx';
import {ScreenContext, type ScreenParts, useRows, useScreen} from './screen-context.ts';
import {SecurityPane} from './security/security-pane.tsx';

const PANE_VIEWS: Readonly<Record<PaneId, ComponentType<{readonly place: PlacedPane}>>> = {
  domains: DomainsPane,
  detail: DetailPane,
  console: ConsolePane,
  monitor: MonitorPane,
  capabilities: CapabilitiesPane,
  security: SecurityPane,
};

/** What Ink gives only from inside its tree. */
export interface InkControls {
  suspendTerminal(run: () => Promise<void>): Promise<void>;
  exit(): void;
}

interface ScreenProps {
  readonly parts: ScreenParts;
  readonly onReady: (controls: InkControls) => void;
}

/** The whole screen. */
export function Screen({parts, onReady}: ScreenProps) {
  const {suspendTerminal, exit} = useApp();
  useEffect(() => onReady({suspendTerminal, exit}), [onReady, suspendTerminal, exit]);
  // Asks the terminal to mark pasted text; the router takes it.
  usePaste(ignorePaste);
  return (
    <ScreenContext value={parts}>
      <Frame />
    </ScreenContext>
  );
}

function ignorePaste(): void {}

/** As high as the terminal, never higher. */
function Frame() {
  const {store, theme} = useScreen();
  const {columns, rows} = useWindowSize();
  const footer = useRows(state => footerRows(state, {columns, rows}, theme));
  const focus = useSelect(store, state => state.view.focus);
  const lower = useSelect(store, state => state.view.lower);
  const zoomed = useSelect(store, state => state.view.zoomed);
  const layout = computeLayout({columns, rows}, {focus, lower, zoomed}, Math.min(footer.length, Math.floor(rows / 2)));
  if (layout.kind === 'too-small') return <TooSmall columns={columns} rows={rows} />;
  return (
    <Box width="100%" height={rows} overflow="hidden">
      <Header layout={layout} focus={focus} />
      {layout.panes.map(place => (
        <PlacedView key={place.pane} place={place} />
      ))}
      <At top={rows - layout.footerRows} columns={columns} rows={layout.footerRows}>
        {footer.slice(-layout.footerRows).join('\n')}
      </At>
      <ModalLayer layout={layout} />
    </Box>
  );
}

function Header({layout, focus}: {readonly layout: Layout; readonly focus: PaneId}) {
  const {store, theme} = useScreen();
  const line = useSelect(store, state => headerLine(state, layout.columns, theme));
  if (layout.kind === 'zoomed') return null;
  const tabs = layout.kind === 'tabs' ? [tabLine(focus, layout.columns, theme)] : [];
  return (
    <At top={0} columns={layout.columns} rows={1 + tabs.length}>
      {[line, ...tabs].join('\n')}
    </At>
  );
}

function PlacedView({place}: {readonly place: PlacedPane}) {
  const View = PANE_VIEWS[place.pane];
  return (
    <Box position="absolute" top={place.top} left={place.left} width={place.columns} height={place.rows}>
      <View place={place} />
    </Box>
  );
}

interface AtProps {
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  readonly children: string;
}

/** Ready lines at a row of the screen. */
function At({top, columns, rows, children}: AtProps) {
  const {theme} = useScreen();
  return (
    <Box position="absolute" top={top} left={0} width={columns} height={rows}>
      <Text wrap="truncate">{theme.finish(children)}</Text>
    </Box>
  );
}

function TooSmall({columns, rows}: {readonly columns: number; readonly rows: number}) {
  const text = `virtty needs ${MIN_COLUMNS}x${MIN_ROWS}; this terminal has ${columns}x${rows}. q quits.`;
  return (
    <Box width="100%" height={rows} overflow="hidden">
      <Text>{text}</Text>
    </Box>
  );
}
