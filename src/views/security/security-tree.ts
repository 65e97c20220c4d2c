import {type AppState, selectedDomain} from '../../app/app-state.ts';
import {isActive} from '../../model/domain-state.ts';
import {CachedTree} from '../tree/cached-tree.ts';
import type {TreeSource} from '../tree/reduce-tree.ts';
import type {TreeEntry} from '../tree/tree-node.ts';
import {guestEntry, offEntry} from './guest-entries.ts';
import {instanceEntry} from './instance-entries.ts';

/** What of the state the tree shows. */
type Shown = Pick<AppState, 'instance' | 'abilities' | 'instanceSecurity' | 'domains' | 'security' | 'view'>;

/** The instance, then each running guest: the selected one first and unfolded. */
export function securityEntries(state: Shown): readonly TreeEntry[] {
  const {abilities, domains, security} = state;
  if (abilities.security !== true) {
    const why: TreeEntry = {key: 'none', label: abilities.security, role: 'warning'};
    return [instanceEntry(state.instance, undefined), why];
  }
  const selected = selectedDomain(state);
  const others = domains.filter(domain => isActive(domain.state) && domain !== selected);
  const guests = [
    ...(selected && isActive(selected.state) ? [guestEntry(selected, security.get(selected.name), true)] : []),
    ...(selected && !isActive(selected.state) ? [offEntry(selected)] : []),
    ...others.map(domain => guestEntry(domain, security.get(domain.name), false)),
  ];
  const none: TreeEntry = {key: 'none', label: 'No guest is running.', labelRole: 'muted'};
  return [instanceEntry(state.instance, state.instanceSecurity), ...(guests.length > 0 ? guests : [none])];
}

/** The tree of the security pane, made anew when something that it shows is another. */
export class SecurityTree {
  readonly #tree = new CachedTree(securityEntries, isSame);

  of(state: AppState): TreeSource {
    return this.#tree.of(state);
  }
}

function isSame(a: Shown, b: Shown): boolean {
  return (
    a.instanceSecurity === b.instanceSecurity &&
    a.domains === b.domains &&
    a.security === b.security &&
    a.view.selected === b.view.selected
  );
}
