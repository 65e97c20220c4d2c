import {type ChartSeries, type ChartSize, type ChartSpec, chartMaximum, finite, plainTitle} from './chart-spec.ts';

/** From nothing to full, one character each. */
const LEVELS = ' .:-=+*#';
/** One mark per series of a line chart, in turn. */
const MARKS = '*+ox#@';
const AXIS_WIDTH = 7;

/**
 * Draws a chart in plain ASCII, for terminals without UTF-8 and where a fill without colours would be invisible.
 *
 * @returns `size.rows` texts, each `size.columns` long
 */
export function plainChart(spec: ChartSpec, size: ChartSize): readonly string[] {
  const drawn = drawRows(spec, size).slice(0, size.rows);
  return Array.from({length: size.rows}, (_, row) => (drawn[row] ?? '').slice(0, size.columns).padEnd(size.columns));
}

function drawRows(spec: ChartSpec, size: ChartSize): readonly string[] {
  switch (spec.type) {
    case 'gauge':
      return [gaugeRow(spec.percent, size.columns)];
    case 'bar':
      return barRows(spec.bars, size.columns);
    case 'sparkline':
      return spec.series.flatMap(series => [`${asciiTitle(series.title)}:`, sparkRow(series.values, size.columns)]);
    case 'line':
      return lineRows(spec.series, spec.maxY, size);
  }
}

function gaugeRow(percent: number, columns: number): string {
  const share = Math.min(100, finite(percent));
  const width = Math.max(1, columns - 7);
  return `[${filled(share / 100, width).padEnd(width, '.')}] ${String(Math.round(share)).padStart(3)}%`;
}

function barRows(bars: readonly {readonly title: string; readonly value: number}[], columns: number): string[] {
  const titleWidth = Math.min(
    Math.floor(columns / 3),
    bars.reduce((width, bar) => Math.max(width, asciiTitle(bar.title).length), 0),
  );
  const valueWidth = bars.reduce((width, bar) => Math.max(width, String(finite(bar.value)).length), 0);
  const max = chartMaximum(bars.map(bar => bar.value));
  const width = Math.max(1, columns - titleWidth - valueWidth - 2);
  return bars.map(bar => {
    const title = asciiTitle(bar.title).slice(0, titleWidth).padEnd(titleWidth);
    return `${title} ${String(finite(bar.value)).padStart(valueWidth)} ${filled(finite(bar.value) / max, width)}`;
  });
}

function sparkRow(values: readonly number[], columns: number): string {
  const max = chartMaximum(values);
  return values
    .slice(-columns)
    .map(value => LEVELS[Math.round((finite(value) / max) * (LEVELS.length - 1))])
    .join('');
}

/** The newest values that fit, with an axis on the left. */
function lineRows(series: readonly ChartSeries[], maxY: number | undefined, size: ChartSize): string[] {
  const width = Math.max(1, size.columns - AXIS_WIDTH);
  const max = maxY ?? chartMaximum(series.flatMap(one => one.values));
  const top = size.rows - 1;
  const grid = Array.from({length: size.rows}, () => Array.from({length: width}, () => ' '));
  for (const [index, one] of series.entries()) {
    const mark = MARKS[index % MARKS.length] ?? '*';
    for (const [x, value] of one.values.slice(-width).entries()) {
      const y = top - Math.round((Math.min(max, finite(value)) / max) * top);
      const row = grid[y];
      if (row) row[x] = mark;
    }
  }
  return grid.map((cells, y) => `${axisLabel(y, top, max)}|${cells.join('')}`);
}

function axisLabel(y: number, top: number, max: number): string {
  const label = y === 0 ? String(Math.round(max)) : y === top ? '0' : '';
  return label.slice(0, AXIS_WIDTH - 1).padStart(AXIS_WIDTH - 1);
}

function filled(share: number, width: number): string {
  return '#'.repeat(Math.round(share * width));
}

function asciiTitle(title: string): string {
  return plainTitle(title).replace(/[^ -~]/gu, '?');
}
