import {Box} from 'ink';
import {lazy, Suspense, useMemo} from 'react';
import type {AppState} from '../../app/app-state.ts';
import {useSelect} from '../../ui/use-select.ts';
import {useScreen} from '../screen-context.ts';

/** The text beside the chart keeps this many columns. */
const TEXT_COLUMNS = 64;
const CHART_COLUMNS = 44;
const CHART_ROWS = 10;
const NOTHING: readonly number[] = [];

/** The chart library is loaded when the first chart is shown. */
const LazyChart = lazy(async () => ({default: (await import('../../ui/chart/contrib-chart.tsx')).ContribChart}));

/** True where a chart can stand to the right of the text. */
export function hasRoomForChart(size: {readonly columns: number; readonly rows: number}): boolean {
  return size.columns >= TEXT_COLUMNS + CHART_COLUMNS && size.rows >= CHART_ROWS;
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
  const spec = useMemo(
    () => ({
      type: 'line' as const,
      labels: [],
      series: [{title: 'CPU, % of one core', values: history.map(ratio => Math.round(ratio * 100))}],
    }),
    [history],
  );
  if (history.length < 2) return null;
  const side = frame === 'box' ? 1 : 0;
  return (
    <Box position="absolute" top={1} left={side + columns - CHART_COLUMNS} width={CHART_COLUMNS} height={CHART_ROWS}>
      <Suspense fallback={null}>
        <LazyChart
          spec={spec}
          columns={CHART_COLUMNS}
          rows={CHART_ROWS}
          colour={theme.colours !== 'none'}
          utf8={theme.isUnicode}
        />
      </Suspense>
    </Box>
  );
}

function selectedHistory(state: AppState): readonly number[] {
  return state.usage.get(state.view.selected ?? '')?.cpuHistory ?? NOTHING;
}
