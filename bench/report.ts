import type {FigureSpec, Reading} from './figure.ts';

/** A figure with what came out, or why nothing did. */
export interface Result extends FigureSpec {
  readonly reading?: Reading;
  /** Set when there is no reading. */
  readonly leftOut?: string;
}

/** One line for a figure: title, value, target, whether it is met, and the numbers behind it. */
export function formatResult({title, unit, target, reading, leftOut}: Result): string {
  if (reading === undefined) return `${title.padEnd(TITLE_COLUMNS)} left out: ${leftOut}`;
  const isRate = unit === '/s';
  const met = (isRate ? reading.value >= target : reading.value <= target) ? 'met' : 'MISSED';
  const value = withUnit(reading.value, unit).padStart(10);
  const aim = `at ${isRate ? 'least' : 'most'} ${withUnit(target, unit)}`.padEnd(17);
  return `${title.padEnd(TITLE_COLUMNS)} ${value}  ${aim} ${met.padEnd(6)}  ${reading.detail}`;
}

const TITLE_COLUMNS = 52;

function withUnit(value: number, unit: FigureSpec['unit']): string {
  const digits = Number.isInteger(value) ? 0 : value < 1 ? 3 : 2;
  return `${value.toFixed(digits)}${unit === 'x' ? 'x' : ` ${unit}`}`;
}
