import type {DomainActionId} from '../app/actions.ts';

/** What can be chosen in the menu of a domain. */
export type MenuChoice = DomainActionId | 'attach' | 'detach' | 'explain';
