import type {AppState} from '../../app/app-state.ts';
import {say} from '../../app/jobs.ts';
import {errorMessage} from '../../app/messages.ts';
import type {Store} from '../../app/store.ts';
import {pushModal} from '../../app/view-state.ts';
import {VirtError} from '../../base/virt-error.ts';

/** Says why keys did not get to a guest; where somebody else types there, asks whether to take over. Typing ends. */
export function tellNotTyped(store: Store<AppState>, domain: string, error: unknown): void {
  if (!(error instanceof VirtError && error.code === 'RESOURCE_BUSY')) {
    say(store, errorMessage(error));
    return;
  }
  const question = `${error.message}. Take over?`;
  const modal = {is: 'confirm', action: 'take-over-console', domain, question} as const;
  store.update(state => ({...state, view: pushModal({...state.view, typing: false}, modal)}));
}
