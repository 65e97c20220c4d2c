import {hostTree} from '../../host/host-tree.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {readLiveLabels} from '../../security/selinux/plan-image-labels.ts';
import type {DomainLabels} from '../../security/selinux/plan-labels.ts';
import {readSelinuxHost} from './selinux-host.ts';

/** The labels of a guest that runs, for files that it gets later; undefined for one without. */
export function liveLabels({seclabels}: Pick<DomainDef, 'seclabels'>, tree = hostTree()): DomainLabels | undefined {
  const contexts = readSelinuxHost(tree)?.contexts;
  return contexts === undefined || typeof contexts === 'string' ? undefined : readLiveLabels(seclabels, contexts);
}
