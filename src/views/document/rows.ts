import {currentPage, type DocumentLine, type DocumentView, matchingLines} from '../../app/document.ts';
import type {Role, Theme} from '../../ui/theme.ts';
import {foldLine} from './fold-line.ts';

const ROLES: Readonly<Record<DocumentLine['is'], Role>> = {
  same: 'text',
  removed: 'danger',
  added: 'ok',
  error: 'danger',
  warning: 'warning',
  note: 'muted',
  heading: 'strong',
};

/** The rows of a page before scrolling, and the row at which each of its lines begins. */
export interface DocumentRows {
  readonly rows: readonly string[];
  readonly starts: readonly number[];
}

/** The page that is shown, long lines wrapped; what is looked for is marked. */
export function documentRows(document: DocumentView, columns: number, theme: Theme): DocumentRows {
  const {remedies, page} = document;
  const matches = new Set(matchingLines(document));
  const rows: string[] = [];
  const starts: number[] = [];
  for (const [at, line] of currentPage(document).lines.entries()) {
    starts.push(rows.length);
    const paint = (text: string) => theme.paint(ROLES[line.is], text);
    const sign = remedies?.page === page && remedies.chosen === at ? '>' : ' ';
    for (const part of foldLine(line.text, Math.max(20, columns - 2))) {
      rows.push(`${sign}${matches.has(at) ? markFound(part, document.search, paint, theme) : paint(part)}`);
    }
  }
  return {rows, starts};
}

/** What stands on the edge: the page, and where the search stands. */
export function documentNote(document: DocumentView, scroll: string): string {
  const {pages, page, search, match} = document;
  const matches = matchingLines(document);
  const place = match === undefined ? '' : `${matches.indexOf(match) + 1} of `;
  const found = search === '' ? '' : `/${search}: ${place}${matches.length} found`;
  const shown =
    pages.length > 1 ? `${pages.map(({name}, at) => (at === page ? `[${name}]` : name)).join(' ')}  Tab` : '';
  return [found, shown, scroll].filter(part => part !== '').join('  ');
}

function markFound(text: string, search: string, paint: (text: string) => string, theme: Theme): string {
  const wanted = search.toLowerCase();
  const low = text.toLowerCase();
  // Some letters change their length with their case: then nothing is marked rather than the wrong place.
  if (low.length !== text.length) return paint(text);
  let out = '';
  let from = 0;
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, from)) {
    out += paint(text.slice(from, at)) + theme.paint('selection', text.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  return out + paint(text.slice(from));
}
