import {Box, Text} from 'ink';
import {memo, useCallback, useLayoutEffect, useSyncExternalStore} from 'react';
import type {ConsoleTerminal} from './console-terminal.ts';

/** What a terminal pane shows, and in how many cells. */
export interface TerminalPaneProps {
  readonly terminal: ConsoleTerminal;
  readonly columns: number;
  readonly rows: number;
  /** Draws the guest's cursor. */
  readonly focused: boolean;
  /** The last word on a row before it is drawn, for a terminal without UTF-8. */
  readonly finish: (row: string) => string;
  /** Said below the cursor's row where the guest shows nothing. */
  readonly note?: readonly string[];
}

/** The first row is left to the cursor, the second is free. */
const NOTE_ROW = 2;

/** A guest's console inside the screen; it gives the terminal its size and redraws when the terminal changed. */
export function TerminalPane({terminal, columns, rows, focused, finish, note = []}: TerminalPaneProps) {
  const subscribe = useCallback(
    (changed: () => void) => {
      const subscription = terminal.onChange(changed);
      return () => subscription.dispose();
    },
    [terminal],
  );
  useSyncExternalStore(subscribe, () => terminal.revision);
  useLayoutEffect(() => terminal.resize({columns, rows}), [terminal, columns, rows]);
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      {terminal.rows(focused).map((text, row) => (
        <TerminalRow key={row} text={finish(note[row - NOTE_ROW] ?? text)} />
      ))}
    </Box>
  );
}

/** One row; React leaves it alone while its text is the same. */
const TerminalRow = memo(function TerminalRow({text}: {readonly text: string}) {
  return <Text wrap="truncate">{text}</Text>;
});
