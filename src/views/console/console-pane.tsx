import {Text} from 'ink';
import {useCallback, useSyncExternalStore} from 'react';
import type {AppState} from '../../app/app-state.ts';
import {selectedDomain} from '../../app/app-state.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {textRows} from '../../ui/fields.ts';
import {FramedPane} from '../../ui/pane.tsx';
import {innerSize} from '../../ui/pane-frame.ts';
import type {ConsoleTerminal} from '../../ui/terminal/console-terminal.ts';
import {sameFields, useSelect} from '../../ui/use-select.ts';
import type {PlacedPane} from '../layout.ts';
import {useScreen} from '../screen-context.ts';
import type {ConsoleDeck, ConsoleEntry} from './console-deck.ts';
import {consoleEdge} from './console-edge.ts';
import {useSilence} from './use-silence.ts';

/** The serial console of the selected domain. */
export function ConsolePane({place}: {readonly place: PlacedPane}) {
  const {store, theme, consoles, extents} = useScreen();
  const domain = useSelect(store, state => selectedDomain(state)?.name);
  const entry = useConsole(consoles, domain);
  const terminal = entry?.is === 'open' ? entry.terminal : undefined;
  const facts = terminal && {
    alias: terminal.device.alias,
    isLive: terminal.status.is === 'live',
    linesBack: terminal.scrollOffset,
    found: terminal.found,
    ...(entry?.is === 'open' ? {place: entry.place} : {}),
  };
  const edge = useSelect(store, state => consoleEdge(state, place, facts), sameFields);
  const isTyping = useSelect(store, state => state.view.typing);
  const hindrance = useSelect(store, state => consoleHindrance(state, entry));
  const inner = innerSize(edge);
  const note = useSilence(domain, terminal, inner.columns);
  extents.set('console', {lines: 0, rows: inner.rows});
  return (
    <FramedPane edge={edge} theme={theme}>
      {entry?.is === 'open' ? (
        <entry.View
          terminal={entry.terminal}
          columns={inner.columns}
          rows={inner.rows}
          focused={isTyping}
          finish={theme.finish}
          note={note}
        />
      ) : (
        <Text>{theme.finish(['', ...textRows(hindrance, inner.columns, theme, 'muted')].join('\n'))}</Text>
      )}
    </FramedPane>
  );
}

/** Why there is no terminal to see. */
function consoleHindrance(state: AppState, entry: ConsoleEntry | undefined): string {
  if (state.abilities.console !== true) return state.abilities.console;
  const domain = selectedDomain(state);
  if (!domain) return 'No domain is selected.';
  if (entry?.is === 'failed') return sanitiseUntrusted(entry.why);
  if (entry || !domain.foreign) return 'Opening the console';
  const {console} = domain.foreign;
  if (console !== true) return sanitiseUntrusted(`'${domain.name}' belongs to others, and ${console}.`);
  return `'${sanitiseUntrusted(domain.name)}' belongs to others; its line is free, and has room for one. c attaches to it for as long as this is shown.`;
}

/** A console of the deck; the component renders again when it is opened or closed, or its terminal changed. */
function useConsole(consoles: ConsoleDeck, domain: string | undefined): ConsoleEntry | undefined {
  const subscribeDeck = useCallback(
    (changed: () => void) => {
      const subscription = consoles.onChange(changed);
      return () => subscription.dispose();
    },
    [consoles],
  );
  useSyncExternalStore(subscribeDeck, () => consoles.revision);
  const entry = domain === undefined ? undefined : consoles.get(domain);
  const terminal = entry?.is === 'open' ? entry.terminal : undefined;
  const subscribeEdge = useCallback(
    (changed: () => void) => {
      const subscription = terminal?.onChange(changed);
      return () => subscription?.dispose();
    },
    [terminal],
  );
  useSyncExternalStore(subscribeEdge, () => edgeState(terminal));
  return entry;
}

/** Changes with what the edge says of a terminal. */
function edgeState(terminal: ConsoleTerminal | undefined): string {
  const {at, count} = terminal?.found ?? {};
  return `${terminal?.status.is} ${terminal?.scrollOffset} ${at} ${count} ${terminal?.isBlank}`;
}
