import {Text} from 'ink';
import {useEffect, useMemo} from 'react';
import type {ChartSize, ChartSpec} from './chart-spec.ts';
import {Offscreen} from './offscreen.ts';
import {plainChart} from './plain-chart.ts';

/** A chart, its size in cells, and what the user's terminal can show. */
export interface ContribChartProps extends ChartSize {
  /** A new object for new data: the same one is not drawn again. */
  readonly spec: ChartSpec;
  readonly colour: boolean;
  /** False draws plain ASCII, without loading the chart library. */
  readonly utf8: boolean;
}

/** A chart of blessed-contrib inside Ink; plain ASCII where the terminal cannot show that one. */
export function ContribChart({spec, columns, rows, colour, utf8}: ContribChartProps) {
  const isPlain = !utf8 || (!colour && needsColour(spec)) || rows < leastRows(spec);
  const screen = useMemo(() => (isPlain ? undefined : new Offscreen({columns, rows})), [isPlain, columns, rows]);
  useEffect(() => () => screen?.dispose(), [screen]);
  const text = useMemo(() => {
    const lines = screen?.draw(spec) ?? plainChart(spec, {columns, rows});
    return (colour ? lines : lines.map(withoutSgr)).join('\n');
  }, [screen, spec, columns, rows, colour]);
  return <Text wrap="truncate">{text}</Text>;
}

/** Gauges and bars are filled with a background colour: without colours they would be empty. */
function needsColour(spec: ChartSpec): boolean {
  return spec.type === 'gauge' || spec.type === 'bar';
}

/** Below these the widget draws outside of its box. */
function leastRows(spec: ChartSpec): number {
  return spec.type === 'gauge' ? 4 : spec.type === 'sparkline' ? 3 : 6;
}

function withoutSgr(line: string): string {
  return line.replace(/\x1b\[[\d;]*m/g, '');
}
