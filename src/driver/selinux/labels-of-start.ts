import {VirtError} from '../../base/virt-error.ts';
import {type HostTree, hostTree} from '../../host/host-tree.ts';
import type {DomainDef} from '../../model/domain-def.ts';
import {formatContext, type SelinuxContext} from '../../security/selinux/context.ts';
import type {DomainLabels} from '../../security/selinux/plan-labels.ts';
import {type LabelContext, prepareLabels} from './prepare-labels.ts';
import {readSelinuxHost} from './selinux-host.ts';

/** Labels that a start would give. */
export interface LabelsOfStart {
  /** Undefined for a guest that has none of its own. */
  readonly labels: DomainLabels | undefined;
  /** Why this very process could not start it so. */
  readonly refused?: VirtError;
}

/**
 * The labels that a start would give a domain; nothing is reserved. Who asks may be an administrator, who has another context
 * than the daemon that starts guests: then those that the daemon would give.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED as `prepareLabels`, where not even the daemon could
 */
export async function labelsOfStart(def: DomainDef, context: Omit<LabelContext, 'purpose'>): Promise<LabelsOfStart> {
  const {tree = hostTree()} = context;
  try {
    return {labels: (await prepareLabels(def, {...context, purpose: 'look'})).labels};
  } catch (error) {
    const contexts = readSelinuxHost(tree)?.contexts;
    if (!(error instanceof VirtError) || contexts === undefined || typeof contexts === 'string') throw error;
    const daemon = asDaemon(tree, contexts.kvm);
    const {labels} = await prepareLabels(def, {...context, tree: daemon, purpose: 'look'});
    return {labels, refused: error};
  }
}

/** Source: refpolicy, policy/modules/services/virt.te; Fedora's policy has the same type. */
const DAEMON_TYPE = 'virtd_t';

/** The host as the daemon sees it. */
function asDaemon(tree: HostTree, guest: SelinuxContext): HostTree {
  const own = {...guest, type: DAEMON_TYPE, ...(guest.range === undefined ? {} : {range: 's0-s0:c0.c1023'})};
  return {
    names: path => tree.names(path),
    text: (path, maxBytes) => (path === '/proc/self/attr/current' ? formatContext(own) : tree.text(path, maxBytes)),
  };
}
