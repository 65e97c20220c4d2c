import {
  comparedLines,
  type DocumentLine,
  type DocumentView,
  type EditReview,
  openDocument,
} from '../../app/document.ts';
import {formatProblem, type Problem} from '../../base/problem.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';

/** An edited definition before it is defined: every problem with its place, then what was changed. */
export function reviewDocument(
  edit: Omit<EditReview, 'hindrance'>,
  problems: readonly Problem[],
  refusal: readonly string[] = [],
): DocumentView {
  const errors = problems.filter(problem => problem.severity === 'error').length;
  const hindrance = errors > 0 ? `the XML has ${counted(errors)}` : undefined;
  const notes = [...refusal, ...problems.map(problem => `${problem.severity}: ${formatProblem(problem)}`)];
  const head: readonly DocumentLine[] = notes.map(text => ({is: 'problem', text: sanitiseUntrusted(text)}));
  const changes = comparedLines(edit.before, edit.text);
  const lines = head.length === 0 ? changes : [...head, {is: 'heading', text: ''} as const, ...changes];
  const question = hindrance === undefined ? 'define it?' : `not yet: ${hindrance}`;
  return openDocument(`Edited XML of ${edit.domain}: ${question}`, [{name: 'difference', lines}], {
    ...edit,
    ...(hindrance === undefined ? {} : {hindrance}),
  });
}

function counted(errors: number): string {
  return errors === 1 ? 'one problem' : `${errors} problems`;
}
