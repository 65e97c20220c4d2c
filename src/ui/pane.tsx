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

/** A titled pane of ready text: one piece for Ink, whatever the number of rows. */
export const TextPane = memo(function TextPane({edge, lines, theme}: TextPaneProps) {
  return <Text wrap="truncate">{theme.finish(framePane(edge, lines, theme))}</Text>;
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
