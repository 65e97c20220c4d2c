/** Colours that a chart names; the user's terminal decides how they look. */
export type ChartColour = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'white';

/** Named readings, oldest first. */
export interface ChartSeries {
  readonly title: string;
  readonly values: readonly number[];
  readonly colour?: ChartColour;
}

/** What a chart shows. */
export type ChartSpec =
  | {
      readonly type: 'line';
      /** Below the axis, one for each value; fewer leave the rest without. */
      readonly labels: readonly string[];
      readonly series: readonly ChartSeries[];
      /** Top of the axis; default is the highest value. */
      readonly maxY?: number;
    }
  | {readonly type: 'sparkline'; readonly series: readonly ChartSeries[]}
  /** `percent` is 0 to 100. */
  | {readonly type: 'gauge'; readonly percent: number; readonly colour?: ChartColour}
  | {readonly type: 'bar'; readonly bars: readonly ChartBar[]; readonly colour?: ChartColour};

export interface ChartBar {
  readonly title: string;
  readonly value: number;
}

/** Size of a chart in cells. */
export interface ChartSize {
  readonly columns: number;
  readonly rows: number;
}

/** The highest of the values, at least 1, so that it can be divided by. */
export function chartMaximum(values: readonly number[]): number {
  return values.reduce((max, value) => Math.max(max, finite(value)), 1);
}

/** A reading that can be drawn: what is not a number, or negative, counts as 0. */
export function finite(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}

/** A title without anything that a terminal or a chart library would obey. */
export function plainTitle(title: string): string {
  return title.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}{}]/gu, '');
}
