import type {Lab} from './lab.ts';

/** A thing that is measured, and what it should be: at most that, or at least where it is a rate. */
export interface FigureSpec {
  /** As it is asked for on the command line. */
  readonly id: string;
  readonly title: string;
  /** `x`: how many times the baseline of the same run; `/s`: how often a second, of which more is better. */
  readonly unit: 'x' | 'B' | 'B/s' | 'ms' | 'MB' | '%' | '/s';
  readonly target: number;
}

/** What came out. */
export interface Reading {
  readonly value: number;
  /** The numbers behind the value, e.g. both sides of a ratio. */
  readonly detail: string;
}

/** Figures that are taken together, in one situation. */
export interface FigureGroup {
  readonly figures: readonly FigureSpec[];
  /** Why it cannot be measured on this machine; undefined when it can. */
  readonly unable?: (lab: Lab) => string | undefined;
  /** @returns a reading for each figure, in their order */
  readonly measure: (lab: Lab) => Promise<readonly Reading[]>;
}

/** The middle of some numbers; the upper one of two. @throws {Error} for none */
export function median(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error('the median of nothing was asked for');
  return middle;
}

/** A measured median against that of its baseline. */
export function ratioOf(values: readonly number[], baseline: readonly number[], against: string): Reading {
  const [value, base] = [median(values), median(baseline)];
  return {value: value / base, detail: `${value.toFixed(1)} ms, ${against} ${base.toFixed(1)} ms`};
}
