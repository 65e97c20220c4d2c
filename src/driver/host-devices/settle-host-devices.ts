import {VirtError} from '../../base/virt-error.ts';
import {fileExists} from '../../host/files.ts';
import type {HostTree} from '../../host/host-tree.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import {NO_PREPARATION, type Preparation} from '../preparation.ts';
import {checkVfio} from './check-vfio.ts';
import {findScsiNodes} from './scsi-nodes.ts';
import {settleUsb, usbWish} from './settle-usb.ts';
import {readUsbDevices} from './usb-devices.ts';

/** A definition whose devices of the host are known to be there. */
export interface SettledHostDevices {
  readonly def: DomainDef;
  readonly preparation: Preparation;
}

/**
 * Finds the devices of the host that a definition names; nothing is changed.
 *
 * @param def  with the aliases of its devices
 * @throws {VirtError} CONFIG_UNSUPPORTED for what this host does not have
 */
export async function settleHostDevices(def: DomainDef, tree: HostTree): Promise<SettledHostDevices> {
  const usb = def.devices.some(device => usbWish(device) !== undefined)
    ? settleUsb(def, readUsbDevices(tree))
    : {def, leftOut: []};
  const vfio = checkVfio(usb.def, tree);
  await checkNodes(vfio.def);
  return {
    def: vfio.def,
    preparation: {
      ...NO_PREPARATION,
      answers: {scsiNodes: findScsiNodes(vfio.def, tree)},
      warnings: [...usb.leftOut, ...vfio.leftOut].map(what => `started without ${what}`),
    },
  };
}

/** Nodes of the kernel that a device is opened by. */
async function checkNodes(def: DomainDef): Promise<void> {
  if (devicesOf(def, 'hostdev').some(({host}) => host.type === 'scsi_host')) {
    await requireNode('/dev/vhost-scsi', "load it: 'modprobe vhost_scsi'", def);
  }
  for (const nic of devicesOf(def, 'interface')) {
    if (nic.type === 'vdpa') await requireNode(nic.source.dev, "make it: 'vdpa dev add'", def);
  }
}

async function requireNode(path: string, hint: string, {name}: DomainDef): Promise<void> {
  if (await fileExists(path)) return;
  throw new VirtError('CONFIG_UNSUPPORTED', 'QEMU', `cannot start domain '${name}': there is no ${path}`, {hint});
}
