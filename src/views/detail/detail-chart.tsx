import {Box, Text} from 'ink';
import {lazy, Suspense, useMemo} from 'react';
import type {AppState} from '../../app/app-state.ts';
import type {ChartSpec} from '../../ui/chart/chart-spec.ts';
import {useSelect} from '../../ui/use-select.ts';
import {useScreen} from '../screen-context.ts';

/** The text beside the chart keeps this many columns. */
const TEXT_COLUMNS = 64;
/** Of the chart and the gap on its left. */
export const CHART_COLUMNS = 46;
const CHART_ROWS = 10;
const CAPTION = 'CPU, % of one host core, last 2 minutes';
const NOTHING: readonly number[] = [];
/** Readings across the chart. The scale stays, so that the chart of an idle guest does. */
const CHART_READINGS = 120;

/** The chart library is loaded when the first chart is shown. */
const LazyChart = lazy(async () => ({default: (await import('../../ui/chart/contrib-chart.tsx')).ContribChart}));

/** True where a chart stands to the right of the text: there is room, and something to draw. */
export function hasChart(state: AppState, size: {readonly columns: number; readonly rows: number}): boolean {
  const hasRoom = size.columns >= TEXT_COLUMNS + CHART_COLUMNS && size.rows > CHART_ROWS;
  return hasRoom && selectedHistory(state).length >= 2;
}

interface DetailChartProps {
  /** Of the pane, without its edge. */
  readonly columns: number;
  readonly frame: 'box' | 'rule';
}

/** The CPU use of the selected domain over the last minutes, at the right of the detail pane. */
export function DetailChart({columns, frame}: DetailChartProps) {
  const {store, theme} = useScreen();
  const history = useSelect(store, selectedHistory);
  const spec = useMemo(() => cpuSpec(history), [history]);
  const side = frame === 'box' ? 1 : 0;
  const width = CHART_COLUMNS - 2;
  return (
    <Box
      flexDirection="column"
      position="absolute"
      top={1}
      left={side + columns - width - 1}
      width={width}
      height={CHART_ROWS + 1}
    >
      <Text>{theme.paint('muted', `   ${CAPTION}`)}</Text>
      <Suspense fallback={null}>
        <LazyChart
          spec={spec}
          columns={width}
          rows={CHART_ROWS}
          colour={theme.colours !== 'none'}
          utf8={theme.isUnicode}
        />
      </Suspense>
    </Box>
  );
}

/** Where there are no readings yet, nothing was used. */
function cpuSpec(history: readonly number[]): ChartSpec {
  const percents = history.slice(-CHART_READINGS).map(ratio => Math.round(ratio * 100));
  const values = [...Array.from({length: CHART_READINGS - percents.length}, () => 0), ...percents];
  return {type: 'line', labels: [], series: [{title: 'CPU', values}]};
}

function selectedHistory(state: AppState): readonly number[] {
  return state.usage.get(state.view.selected ?? '')?.cpuHistory ?? NOTHING;
}
