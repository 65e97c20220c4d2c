import type {AppState} from '../../app/app-state.ts';
import type {CommandId} from '../../app/command-ids.ts';
import {definitionName} from '../../app/definition-name.ts';
import {type DocumentView, showPage, stepMatch, turnPage} from '../../app/document.ts';
import {draftOf} from '../../app/line-draft.ts';
import type {Extents} from '../scroll.ts';

/** The document in front, if there is one. */
export function frontDocument(state: Pick<AppState, 'view'>): DocumentView | undefined {
  const modal = state.view.modals.at(-1);
  return modal?.is === 'document' ? modal : undefined;
}

/** Puts a changed document in the place of the one in front. */
export function withDocument(state: AppState, document: DocumentView): AppState {
  return {...state, view: {...state.view, modals: [...state.view.modals.slice(0, -1), document]}};
}

/** What a command makes of the document in front; undefined for a command that is not about its text. */
export function reduceDocument(state: AppState, command: CommandId, extents: Extents): AppState | undefined {
  const document = frontDocument(state);
  const next = document && changeDocument(document, command, extents.get('modal')?.starts ?? []);
  return next && withDocument(state, next);
}

function changeDocument(
  document: DocumentView,
  command: CommandId,
  starts: readonly number[],
): DocumentView | undefined {
  const {draft, ...closed} = document;
  const rowOf = (line: number) => starts[line] ?? 0;
  switch (command) {
    case 'document.page':
      return turnPage(document);
    case 'remedy.show':
      return document.remedies && showPage(document, document.remedies.page);
    case 'remedy.next':
      return chooseRemedy(document, 1, rowOf);
    case 'remedy.previous':
      return chooseRemedy(document, -1, rowOf);
    case 'search.open':
      return {...document, draft: draftOf('')};
    case 'search.close':
      return closed;
    case 'search.take':
      return takeSearch(closed, draft?.text ?? '', rowOf);
    case 'search.next':
      return stepMatch(document, 1, rowOf);
    case 'search.previous':
      return stepMatch(document, -1, rowOf);
    case 'import.name':
    case 'naming.close':
      return reduceNaming(document, command);
    default:
      return undefined;
  }
}

/** Puts the cursor on the next (1) or the previous (-1) command, and keeps it in view. */
function chooseRemedy(document: DocumentView, step: 1 | -1, rowOf: (line: number) => number): DocumentView | undefined {
  const {remedies} = document;
  if (!remedies) return undefined;
  const chosen = Math.max(0, Math.min(remedies.items.length - 1, remedies.chosen + step));
  return {...document, remedies: {...remedies, chosen}, scroll: Math.max(0, rowOf(chosen) - ROWS_ABOVE)};
}

const ROWS_ABOVE = 4;

/** Begins to type the name of an imported domain, or leaves it as it is. */
function reduceNaming(document: DocumentView, command: 'import.name' | 'naming.close'): DocumentView | undefined {
  const {review} = document;
  if (review?.is !== 'import' || review.xml === undefined) return undefined;
  const {naming: _naming, ...rest} = review;
  if (command === 'naming.close') return {...document, review: rest};
  return {...document, review: {...rest, naming: draftOf(definitionName(review.xml) ?? '')}};
}

/** Nothing typed goes on with what was looked for before. */
function takeSearch(document: DocumentView, text: string, rowOf: (line: number) => number): DocumentView {
  if (text === '') return stepMatch(document, 1, rowOf);
  const {match: _match, ...rest} = document;
  return stepMatch({...rest, search: text}, 1, rowOf);
}
