import {Box, Text} from 'ink';
import {memo, type ReactNode} from 'react';
import {bottomEdge, framePane, innerSize, type PaneEdge, sideEdge, topEdge} from './pane-frame.ts';
import type {Theme} from './theme.ts';

interface TextPaneProps {
  readonly edge: PaneEdge;
  /** Ready rows, at most as many and as wide as the pane has room for. */
  readonly lines: readonly string[];
  readonly theme: Theme;
}

/** A titled pane of ready text. */
export const TextPane = memo(function TextPane({edge, lines, theme}: TextPaneProps) {
  return <TextRows rows={framePane(edge, lines, theme).map(row => theme.finish(row))} />;
});

/**
 * Ready rows, a text of its own each: a row that stays the same is not measured again, and Ink, which remembers
 * some thousand texts that it has measured, remembers short ones.
 */
export function TextRows({rows}: {readonly rows: readonly string[]}) {
  return (
    <Box flexDirection="column">
      {rows.map((text, at) => (
        <TextRow key={at} text={text} />
      ))}
    </Box>
  );
}

const TextRow = memo(function TextRow({text}: {readonly text: string}) {
  return <Text wrap="truncate">{text}</Text>;
});

interface FramedPaneProps {
  readonly edge: PaneEdge;
  readonly theme: Theme;
  readonly children: ReactNode;
}

/** A titled pane around a component that draws for itself, such as a terminal or a chart. */
export function FramedPane({edge, theme, children}: FramedPaneProps) {
  const inner = innerSize(edge);
  const side = sideEdge(edge, theme);
  const sides = side === '' ? null : <Text>{Array.from({length: inner.rows}, () => side).join('\n')}</Text>;
  const bottom = bottomEdge(edge, theme);
  return (
    <Box flexDirection="column" width={edge.columns} height={edge.rows}>
      <Text wrap="truncate">{theme.finish(topEdge(edge, theme))}</Text>
      <Box height={inner.rows}>
        {sides}
        <Box width={inner.columns} height={inner.rows} flexDirection="column" flexShrink={0}>
          {children}
        </Box>
        {sides}
      </Box>
      {bottom === '' ? null : <Text wrap="truncate">{bottom}</Text>}
    </Box>
  );
}
