import type {AppState} from '../app/app-state.ts';
import type {DocumentView} from '../app/document.ts';
import type {InputMode} from '../ui/input-router.ts';
import type {KeyContext} from '../ui/keymap.ts';

/** Ctrl-], the byte that leaves a console, as telnet and virsh have it. */
export const LEAVE_BYTE = 0x1d;

/** Where keys are looked up now, from the front to the back: what is in front, the pane with the focus, everywhere. */
export function keyContexts(state: Pick<AppState, 'view'>): readonly KeyContext[] {
  const {view} = state;
  if (view.typing) return ['typing'];
  const modal = view.modals.at(-1);
  if (modal) {
    if (modal.is === 'document') return documentContexts(modal);
    if (modal.is === 'display' && modal.typing) return ['display-keys'];
    if (modal.is === 'display') return modal.draft ? ['display-line', 'line', 'everywhere'] : ['display', 'everywhere'];
    const own = {confirm: 'confirm', menu: 'menu', help: 'help', messages: 'help'} as const;
    return [own[modal.is], 'everywhere'];
  }
  if (view.prompt.is === 'find') return ['search', 'line', 'everywhere'];
  if (view.prompt.is === 'save') return ['saving', 'line', 'everywhere'];
  if (view.prompt.is === 'filter') return ['filter', 'line', 'everywhere'];
  if (view.prompt.is === 'import') return ['import', 'line', 'everywhere'];
  if (view.prompt.is === 'command') return ['command', 'line', 'everywhere'];
  switch (view.focus) {
    case 'domains':
      return ['domains', 'global', 'panes', 'everywhere'];
    case 'console':
      return ['console', 'global', 'panes', 'everywhere'];
    case 'monitor':
      return [...(view.monitorSearch ? (['found'] as const) : []), 'monitor', 'line', 'panes', 'everywhere'];
    case 'capabilities':
      return ['capabilities', 'tree', 'global', 'panes', 'everywhere'];
    case 'security':
      return ['tree', 'global', 'panes', 'everywhere'];
    default:
      return ['scrolling', 'global', 'panes', 'everywhere'];
  }
}

function documentContexts({draft, review, search, remedies, page}: DocumentView): readonly KeyContext[] {
  if (draft) return ['search', 'line', 'everywhere'];
  if (review?.is === 'import' && review.naming) return ['naming', 'line', 'everywhere'];
  const own = {edit: 'review', import: 'imported'} as const;
  const found = search === '' ? [] : (['found'] as const);
  const help = remedies ? [remedies.page === page ? ('remedies' as const) : ('access' as const)] : [];
  return [...found, ...(review ? [own[review.is]] : []), ...help, 'document', 'scrolling', 'everywhere'];
}

/** How the router has to treat the next bytes. */
export function inputMode(state: Pick<AppState, 'view'>): InputMode {
  if (state.view.typing) return {is: 'raw', leaveByte: LEAVE_BYTE};
  return state.view.modals.at(-1)?.is === 'menu' ? {is: 'passive'} : {is: 'keys'};
}

/** True where a character without a command of its own is text. */
export function takesText(contexts: readonly KeyContext[]): boolean {
  return contexts.includes('line');
}
