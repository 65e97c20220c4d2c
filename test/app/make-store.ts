import {type AppState, initialState} from '../../src/app/app-state.ts';
import {Store} from '../../src/app/store.ts';
import type {DomainSummary, Hypervisor} from '../../src/model/hypervisor.ts';

/** A store that notifies at once, over a hypervisor whose domains it has listed. */
export function makeStore(
  hypervisor: Pick<Hypervisor, 'instance' | 'abilities'>,
  domains: readonly DomainSummary[] = [],
): Store<AppState> {
  const {instance, abilities} = hypervisor;
  const state = initialState({version: '0', instance, abilities, nowMs: 0});
  const view = {...state.view, selected: domains[0]?.name};
  return new Store<AppState>({...state, listed: true, domains, view}, flush => flush());
}
