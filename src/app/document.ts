import {type DiffLine, diffLines, isUnchanged} from '../base/line-diff.ts';
import {sanitiseLines} from '../base/sanitise.ts';
import type {Remedy} from '../model/access-report.ts';
import type {NativeImport} from '../model/hypervisor.ts';
import type {LineDraft} from './line-draft.ts';

/** One line of a document: safe to show, and what it is in a comparison or a list of problems. */
export interface DocumentLine {
  readonly is: DiffLine['is'] | 'error' | 'warning' | 'note' | 'heading';
  readonly text: string;
}

/** One of the texts that a document can show. */
export interface DocumentPage {
  /** As the edge of the pane names it. */
  readonly name: string;
  readonly lines: readonly DocumentLine[];
}

/** A text over the whole screen, with pages to switch between and a search. */
export interface DocumentView {
  readonly is: 'document';
  readonly title: string;
  /** At least one. */
  readonly pages: readonly DocumentPage[];
  /** Index of the page that is shown. */
  readonly page: number;
  /** Rows above the first that is shown. */
  readonly scroll: number;
  /** What is looked for, in any case; empty for nothing. */
  readonly search: string;
  /** Line of the page where the search stands. */
  readonly match?: number;
  /** While a search is typed. */
  readonly draft?: LineDraft;
  /** Of an edited or imported definition: what is decided here. */
  readonly review?: Review;
  /** What can be run from here. */
  readonly remedies?: RemedyList;
}

/** Commands of which one can be run after a yes. */
export interface RemedyList {
  readonly domain: string;
  /** Index of the page that has them, a line each. */
  readonly page: number;
  /** At least one. */
  readonly items: readonly Remedy[];
  /** Index of the one that the cursor is on. */
  readonly chosen: number;
}

/** A definition that waits for a yes. */
export type Review = EditReview | ImportReview;

/** An edited definition. */
export interface EditReview {
  readonly is: 'edit';
  readonly domain: string;
  /** The saved definition when it was opened. */
  readonly before: string;
  readonly text: string;
  /** Held against libvirt's schema, too. */
  readonly validate?: boolean;
  /** Why it cannot be defined as it is. */
  readonly hindrance?: string;
}

/** A command line on its way to become a domain. */
export interface ImportReview {
  readonly is: 'import';
  readonly imported: NativeImport;
  /** As it would be defined; undefined while the command line has an error. */
  readonly xml?: string;
  /** What it was read from, as a title names it; outside text. */
  readonly origin: string;
  /** False while the domain has no name of its own. */
  readonly isNamed: boolean;
  /** While its name is typed. */
  readonly naming?: LineDraft;
  /** Held against libvirt's schema, too. */
  readonly validate?: boolean;
  /** Why it cannot be defined as it is. */
  readonly hindrance?: string;
}

/** A document at its beginning. */
export function openDocument(title: string, pages: readonly DocumentPage[], review?: Review): DocumentView {
  return {is: 'document', title, pages, page: 0, scroll: 0, search: '', ...(review ? {review} : {})};
}

/** The page that is shown. */
export function currentPage(document: DocumentView): DocumentPage {
  return document.pages[document.page] ?? {name: '', lines: []};
}

/** Outside text as the lines of a page. */
export function plainLines(text: string): readonly DocumentLine[] {
  return sanitiseLines(text).map(line => ({is: 'same', text: line}));
}

/** How many equal lines are kept around a difference. */
const CONTEXT_LINES = 3;

/** Two outside texts compared: the differences with the lines around them, each with its sign in front. */
export function comparedLines(before: string, after: string): readonly DocumentLine[] {
  const diff = diffLines(sanitiseLines(before), sanitiseLines(after));
  if (isUnchanged(diff)) return [{is: 'heading', text: 'There is no difference.'}];
  const isNear = (at: number) =>
    diff.slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1).some(({is}) => is !== 'same');
  const lines: DocumentLine[] = [];
  let leftOut = 0;
  const closeGap = () => {
    if (leftOut > 0)
      lines.push({is: 'heading', text: `  (${leftOut} ${leftOut === 1 ? 'line' : 'lines'} without a difference)`});
    leftOut = 0;
  };
  for (const [at, {is, text}] of diff.entries()) {
    if (!isNear(at)) leftOut++;
    else {
      closeGap();
      lines.push({is, text: SIGNS[is] + text});
    }
  }
  closeGap();
  return lines;
}

const SIGNS: Readonly<Record<DiffLine['is'], string>> = {same: '  ', removed: '- ', added: '+ '};

/** The XML of a domain: live and saved where there are both, and how the live one differs from the saved one. */
export function xmlPages(xml: {readonly live?: string; readonly saved?: string}): readonly DocumentPage[] {
  const {live, saved} = xml;
  return [
    ...(live === undefined ? [] : [{name: 'live', lines: plainLines(live)}]),
    ...(saved === undefined ? [] : [{name: 'saved', lines: plainLines(saved)}]),
    ...(live === undefined || saved === undefined
      ? []
      : [{name: 'from saved to live', lines: comparedLines(saved, live)}]),
  ];
}

/** The next page, from its beginning; what is looked for stays. */
export function turnPage(document: DocumentView): DocumentView {
  return showPage(document, (document.page + 1) % document.pages.length);
}

/** Another page by its index. */
export function showPage(document: DocumentView, page: number): DocumentView {
  const {match: _match, ...rest} = document;
  return {...rest, page, scroll: 0};
}

/** Indices of the lines of the page in which the search is found. */
export function matchingLines(document: DocumentView, search = document.search): readonly number[] {
  if (search === '') return [];
  const wanted = search.toLowerCase();
  return currentPage(document).lines.flatMap(({text}, at) => (text.toLowerCase().includes(wanted) ? [at] : []));
}

/**
 * Goes to the next (1) or the previous (-1) match, around the end.
 *
 * @param rowOf  the row at which a line of the page begins
 */
export function stepMatch(document: DocumentView, step: 1 | -1, rowOf: (line: number) => number): DocumentView {
  const matches = matchingLines(document);
  const from = document.match;
  const isNext = (line: number) => {
    if (from !== undefined) return step === 1 ? line > from : line < from;
    return step === 1 ? rowOf(line) >= document.scroll : rowOf(line) < document.scroll;
  };
  const found = step === 1 ? (matches.find(isNext) ?? matches[0]) : (matches.findLast(isNext) ?? matches.at(-1));
  return found === undefined ? document : {...document, match: found, scroll: Math.max(0, rowOf(found) - ROWS_ABOVE)};
}

/** Rows that stay in view above a match. */
const ROWS_ABOVE = 2;

/** The page as text to copy: exactly what is shown. */
export function documentText(document: DocumentView): string {
  return currentPage(document)
    .lines.map(({text}) => `${text}\n`)
    .join('');
}
