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

/** An error about a text, with everything that was found in it: warnings, too. `detail` has the errors as they are shown. */
export class ProblemsError extends VirtError {
  readonly problems: readonly Problem[];

  constructor(what: string, problems: readonly Problem[]) {
    const errors = problems.filter(problem => problem.severity === 'error');
    const count = errors.length === 1 ? 'one problem' : `${errors.length} problems`;
    super('XML_ERROR', 'DOMAIN', `${what}: ${count}`, {detail: errors.map(formatProblem)});
    this.problems = problems;
  }
}

/** The error for a text that has at least one error among its problems. */
export function problemsError(what: string, problems: readonly Problem[]): ProblemsError {
  return new ProblemsError(what, problems);
}

/** In the order of the text; what belongs to the whole of it comes first. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** How many errors and warnings there are, in words: `2 errors, 1 warning`; empty when there is none. */
export function countProblems(problems: readonly Problem[]): string {
  const counts = (['error', 'warning'] as const).map(severity => {
    const count = problems.filter(problem => problem.severity === severity).length;
    return count === 0 ? '' : `${count} ${severity}${count === 1 ? '' : 's'}`;
  });
  return counts.filter(text => text !== '').join(', ');
}
