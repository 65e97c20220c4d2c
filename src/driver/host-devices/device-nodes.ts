import type {HostTree} from '../../host/host-tree.ts';
import {iommuGroup} from './check-vfio.ts';

/** A file by which a device of the host is used. */
export interface DeviceNode {
  readonly path: string;
  readonly kind: 'char' | 'file';
}

/** What sysfs shows of a PCI device that makes its owner the master of the device. */
const PCI_FILES = /^(?:config|rom|reset|resource\d*(?:_wc)?)$/;

/**
 * The files by which a device is used that a directory of sysfs stands for: the node of its IOMMU group and the files of
 * a PCI device, the node of the group of a mediated device, the generic node of a SCSI device. None where the device is
 * not there, or not bound to what makes its node.
 *
 * @param path  as an inventory of host resources has it, e.g. `/sys/bus/pci/devices/0000:06:12.5`
 * @see libvirt 9.0.0, src/util/virpci.c, virPCIDeviceFileIterate; src/util/virscsi.c; src/util/virmdev.c
 */
export function deviceNodes(path: string, tree: HostTree): readonly DeviceNode[] {
  const [, bus, name = ''] = /^\/sys\/bus\/(\w+)\/devices\/([^/]+)$/.exec(path) ?? [];
  switch (bus) {
    case 'pci': {
      const files = tree.names(path).filter(file => PCI_FILES.test(file));
      return [...groupNode(name, tree), ...files.map(file => ({path: `${path}/${file}`, kind: 'file' as const}))];
    }
    case 'mdev':
      return groupNode(name, tree);
    case 'scsi':
      return tree.names(`${path}/scsi_generic`).map(node => ({path: `/dev/${node}`, kind: 'char'}));
    default:
      return [];
  }
}

function groupNode(name: string, tree: HostTree): readonly DeviceNode[] {
  const group = iommuGroup(name, tree);
  return group === undefined ? [] : [{path: `/dev/vfio/${group}`, kind: 'char'}];
}
