import type {HostTree} from '../../host/host-tree.ts';
import type {HostDetail} from '../../model/host-detail.ts';

/**
 * How the kernel can put this host to sleep. Hybrid: memory is written to disk and then kept awake in place.
 *
 * @see Linux, Documentation/admin-guide/pm/sleep-states.rst, "Basic sysfs Interfaces"
 */
export function readSuspend(tree: HostTree): HostDetail['suspend'] {
  const states = (tree.text('/sys/power/state') ?? '').split(/\s+/);
  const ways = (tree.text('/sys/power/disk') ?? '').split(/\s+/).map(way => way.replace(/^\[(.*)\]$/, '$1'));
  const disk = states.includes('disk') && !ways.includes('disabled');
  return {memory: states.includes('mem'), disk, hybrid: disk && ways.includes('suspend')};
}

/** Whether the kernel has put any device behind an IOMMU. @see libvirt 9.0.0, src/util/virutil.c, virHostHasIOMMU */
export function hasIommu(tree: HostTree): boolean {
  return tree.names('/sys/kernel/iommu_groups').length > 0;
}
