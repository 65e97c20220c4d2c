import type {AppState} from '../../app/app-state.ts';
import {checkDefinition} from '../../app/check-definition.ts';
import {definitionName} from '../../app/definition-name.ts';
import {
  type DocumentLine,
  type DocumentPage,
  type DocumentView,
  type ImportReview,
  openDocument,
  plainLines,
} from '../../app/document.ts';
import {formatProblem, type Problem} from '../../base/problem.ts';
import {sanitiseUntrusted} from '../../base/sanitise.ts';
import {nameProblem} from '../../model/domain/parse-identity.ts';
import {countedErrors, problemLine, validatedNote} from '../document/review-document.ts';
import {sourceExcerpt} from './source-excerpt.ts';

/** Why a domain that is imported cannot have a name, as a sentence; undefined when it can. */
export function importNameProblem(state: Pick<AppState, 'domains'>, name: string): string | undefined {
  if (state.domains.some(domain => domain.name === name)) return `there is a domain '${name}' already`;
  return nameProblem(name);
}

/**
 * An imported command line before it is defined: its problems, those of the XML, the XML, and the command line itself.
 *
 * @param notes  what else is to be said, above all of it
 */
export function reviewImport(
  state: Pick<AppState, 'domains' | 'instance'>,
  review: Omit<ImportReview, 'is' | 'hindrance'>,
  notes: readonly DocumentLine[] = [],
): DocumentView {
  const {imported, xml, validate = false} = review;
  const problems = xml === undefined ? [] : checkDefinition(xml, '', {validate});
  const hindrance = whyNotDefined(state, review, problems);
  const head = [
    ...notes,
    ...section('Of the command line:', commandLineNotes(review)),
    ...section('Of the XML:', problems.map(problemLine)),
  ];
  const commandLine: DocumentPage = {name: 'command line', lines: plainLines(imported.commandLine)};
  const pages =
    xml === undefined
      ? [{...commandLine, lines: [...withGap(head), ...commandLine.lines]}]
      : [{name: 'XML', lines: [...withGap(head), ...plainLines(xml)]}, commandLine];
  const question = hindrance === undefined ? `define it as '${definitionName(xml ?? '')}'?` : `not yet: ${hindrance}`;
  return openDocument(`Import${validatedNote(review)}: ${question}`, pages, {
    ...review,
    is: 'import',
    ...(hindrance === undefined ? {} : {hindrance}),
  });
}

function whyNotDefined(
  state: Pick<AppState, 'domains' | 'instance'>,
  {imported, xml, isNamed}: Omit<ImportReview, 'is' | 'hindrance'>,
  problems: readonly Problem[],
): string | undefined {
  if (xml === undefined) return `the command line has ${countedErrors(imported.problems)}`;
  const {readOnly, readOnlyReason} = state.instance;
  if (readOnly) return `the connection is read-only: ${readOnlyReason ?? 'no changes'}`;
  if (problems.some(problem => problem.severity === 'error')) return `the XML has ${countedErrors(problems)}`;
  if (!isNamed) return 'the domain has no name';
  return importNameProblem(state, definitionName(xml) ?? '');
}

/** Errors with the place in the text that they are about, warnings and notes in a line each. */
function commandLineNotes({imported, xml}: Pick<ImportReview, 'imported' | 'xml'>): readonly DocumentLine[] {
  return [
    ...imported.problems.flatMap(problem => [
      problemLine(problem),
      ...(xml === undefined ? sourceExcerpt(imported.commandLine, problem).map(noteLine) : []),
    ]),
    ...(xml === undefined ? [] : imported.notes.map(note => noteLine(`note: ${formatProblem(note)}`))),
  ];
}

function noteLine(text: string): DocumentLine {
  return {is: 'note', text: sanitiseUntrusted(text)};
}

function section(title: string, lines: readonly DocumentLine[]): readonly DocumentLine[] {
  return lines.length === 0 ? [] : [{is: 'heading', text: title}, ...lines];
}

function withGap(lines: readonly DocumentLine[]): readonly DocumentLine[] {
  return lines.length === 0 ? [] : [...lines, {is: 'heading', text: ''}];
}
