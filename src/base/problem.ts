import {VirtError} from './virt-error.ts';

/** One thing wrong (or unknown) in a text that a person wrote, at a place that they can find. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** 1-based; 0 when the problem belongs to the whole text. */
  readonly line: number;
  /** 1-based, in UTF-16 units; 0 when unknown. */
  readonly column: number;
  readonly message: string;
}

/** `line 3, column 5: message`, the form in which every problem is shown. */
export function formatProblem(problem: Problem): string {
  return problem.line === 0 ? problem.message : `line ${problem.line}, column ${problem.column}: ${problem.message}`;
}

/** The error for a text that has at least one error among its problems; every problem is in `detail`. */
export function problemsError(what: string, problems: readonly Problem[]): VirtError {
  const errors = problems.filter(problem => problem.severity === 'error');
  const count = errors.length === 1 ? 'one problem' : `${errors.length} problems`;
  return new VirtError('XML_ERROR', 'DOMAIN', `${what}: ${count}`, {detail: errors.map(formatProblem)});
}
