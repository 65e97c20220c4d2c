import type {WidgetName} from './blessed-library.ts';
import {
  type ChartColour,
  type ChartSeries,
  type ChartSize,
  type ChartSpec,
  chartMaximum,
  finite,
  plainTitle,
} from './chart-spec.ts';

/** How a chart is asked of blessed-contrib: a widget, its options, and the arguments of its `setData`. */
export interface WidgetCall {
  readonly widget: WidgetName;
  readonly options: Readonly<Record<string, unknown>>;
  readonly data: readonly unknown[];
}

const SERIES_COLOURS: readonly ChartColour[] = ['green', 'cyan', 'yellow', 'magenta', 'blue', 'red'];
const LEGEND_WIDTH = 14;
const BAR_SPACING = 9;

/** Translates a chart into the words of blessed-contrib 4.11, and keeps clear of what it cannot take. */
export function widgetCall(spec: ChartSpec, size: ChartSize): WidgetCall {
  switch (spec.type) {
    case 'line':
      return lineCall(spec, size);
    case 'sparkline':
      return {
        widget: 'sparkline',
        options: {tags: true, style: {fg: spec.series[0]?.colour ?? 'green', titleFg: 'white'}},
        data: [spec.series.map(one => plainTitle(one.title)), spec.series.map(one => newest(one, size.columns - 2))],
      };
    case 'gauge':
      // A share up to 1.001 is taken as a fraction: 0.5 % would be drawn as 50 %. As a fraction it is always right.
      return {
        widget: 'gauge',
        options: {stroke: spec.colour ?? 'green', fill: 'white'},
        data: [Math.min(100, finite(spec.percent)) / 100],
      };
    case 'bar':
      return {
        widget: 'charts/bar',
        options: {
          barWidth: BAR_SPACING - 3,
          barSpacing: BAR_SPACING,
          xOffset: 1,
          maxHeight: chartMaximum(spec.bars.map(bar => bar.value)),
          barBgColor: spec.colour ?? 'green',
          labelColor: 'white',
        },
        data: [
          {
            titles: spec.bars.map(bar => plainTitle(bar.title).slice(0, BAR_SPACING - 1)),
            data: spec.bars.map(bar => finite(bar.value)),
          },
        ],
      };
  }
}

/**
 * The maximum is always given: the widget divides by the highest value, which is 0 for an idle guest. It leaves six
 * columns and two rows empty, so it is asked to be larger than the screen; a legend would be cut off by the former.
 */
function lineCall(spec: Extract<ChartSpec, {type: 'line'}>, size: ChartSize): WidgetCall {
  const {labels, series} = spec;
  const count = Math.max(1, ...series.map(one => one.values.length));
  // An empty label would be drawn as the word null.
  const x = Array.from({length: count}, (_, index) => plainTitle(labels[index] ?? '') || ' ');
  const shown = series.length === 0 ? [{title: '', values: []}] : series;
  const showLegend = series.length > 1;
  return {
    widget: 'charts/line',
    options: {
      showLegend,
      legend: {width: LEGEND_WIDTH},
      width: showLegend ? size.columns : size.columns + 6,
      height: size.rows + 2,
      maxY: spec.maxY ?? chartMaximum(series.flatMap(one => one.values)),
      // Its default, black, is invisible on a dark terminal.
      style: {baseline: 'white', text: 'white'},
    },
    data: [shown.map((one, index) => lineSeries(one, x, index))],
  };
}

function lineSeries(series: ChartSeries, x: readonly string[], index: number) {
  return {
    title: plainTitle(series.title),
    x,
    y: series.values.length === 0 ? [0] : series.values.map(finite),
    style: {line: series.colour ?? SERIES_COLOURS[index % SERIES_COLOURS.length]},
  };
}

/** The newest values that fit; the widget would show the oldest. All zero has no height to divide by: a thin line. */
function newest(series: ChartSeries, count: number): readonly number[] {
  return series.values.slice(-Math.max(1, count)).map(finite);
}
