import {
  comparedLines,
  type DocumentLine,
  type DocumentView,
  type EditReview,
  openDocument,
} from '../../app/document.ts';
import {formatProblem, type Problem} from '../../base/problem.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';

/**
 * An edited definition before it is defined: every problem with its place, then what was changed.
 *
 * @param notes  what else is to be said, above all of it
 */
export function reviewDocument(
  edit: Omit<EditReview, 'hindrance'>,
  problems: readonly Problem[],
  notes: readonly DocumentLine[] = [],
): DocumentView {
  const isWrong = problems.some(problem => problem.severity === 'error');
  const hindrance = isWrong ? `the XML has ${countedErrors(problems)}` : undefined;
  const head = [...notes, ...problems.map(problemLine)];
  const changes = comparedLines(edit.before, edit.text);
  const lines = head.length === 0 ? changes : [...head, {is: 'heading', text: ''} as const, ...changes];
  const question = hindrance === undefined ? 'define it?' : `not yet: ${hindrance}`;
  return openDocument(
    `Edited XML of ${edit.domain}${validatedNote(edit)}: ${question}`,
    [{name: 'difference', lines}],
    {
      ...edit,
      ...(hindrance === undefined ? {} : {hindrance}),
    },
  );
}

/** What a title says of a definition that is held against the schema. */
export function validatedNote({validate}: {readonly validate?: boolean}): string {
  return validate ? ', validated' : '';
}

/** A problem with its place. */
export function problemLine(problem: Problem): DocumentLine {
  const {severity} = problem;
  return {is: severity, text: sanitiseUntrusted(`${severity}: ${formatProblem(problem)}`)};
}

/** What the hypervisor said to a definition. */
export function refusalLine(text: string): DocumentLine {
  return {is: 'error', text: sanitiseUntrusted(text)};
}

/** How many of the problems are errors, in words. */
export function countedErrors(problems: readonly Problem[]): string {
  const errors = problems.filter(problem => problem.severity === 'error').length;
  return errors === 1 ? 'one problem' : `${errors} problems`;
}
