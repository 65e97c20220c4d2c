import {VirtError} from '../../base/virt-error.ts';
import type {HostTree} from '../../host/host-tree.ts';
import type {PciAddress} from '../../model/devices/address.ts';
import type {DeviceDef} from '../../model/devices/device-def.ts';
import {mdevPath, pciName, pciPath} from '../../model/devices/host-paths.ts';
import type {DomainDef} from '../../model/domain-def.ts';

/** A PCI device of the host that a definition wishes for. */
interface PciWish {
  readonly address: PciAddress;
  readonly managed: boolean;
  readonly isOptional: boolean;
}

function pciWish(device: DeviceDef): PciWish | undefined {
  if (device.kind === 'hostdev' && device.host.type === 'pci') {
    const {managed, source} = device.host;
    return {address: source.address, managed, isOptional: source.startupPolicy === 'optional'};
  }
  if (device.kind !== 'interface' || device.type !== 'hostdev' || device.source.address?.type !== 'pci')
    return undefined;
  return {address: device.source.address, managed: device.managed === true, isOptional: false};
}

/** A definition without the devices that need not be there. */
export interface CheckedVfio {
  readonly def: DomainDef;
  readonly leftOut: readonly string[];
}

/**
 * Looks whether the devices that VFIO is to hand over are there and free. This version binds no device to another
 * driver: whoever defines a guest does that before.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED with the command that makes it so
 */
export function checkVfio(def: DomainDef, tree: HostTree): CheckedVfio {
  const leftOut: string[] = [];
  const devices = def.devices.filter(device => {
    checkMdev(device, def, tree);
    const wish = pciWish(device);
    if (wish === undefined) return true;
    if (tree.names(pciPath(wish.address)).length > 0) {
      checkBinding(wish, def, tree);
      return true;
    }
    const name = pciName(wish.address);
    if (!wish.isOptional)
      throw refusal(def, name, 'this host has no such device', "see 'lspci -D' for those that it has");
    leftOut.push(`the PCI device ${name}, which is not there`);
    return false;
  });
  return {def: {...def, devices}, leftOut};
}

function checkBinding({address, managed}: PciWish, def: DomainDef, tree: HostTree): void {
  const name = pciName(address);
  const driver = /^DRIVER=(.*)$/m.exec(tree.text(`${pciPath(address)}/uevent`) ?? '')?.[1];
  if (driver !== 'vfio-pci') {
    const now = driver === undefined ? 'no driver has it' : `the driver '${driver}' has it`;
    const unmanaged = managed ? ", and managed='yes' is not done yet by this version" : '';
    const hint =
      `'modprobe vfio-pci', then: echo vfio-pci >${pciPath(address)}/driver_override; ` +
      `${driver === undefined ? '' : `echo ${name} >/sys/bus/pci/drivers/${driver}/unbind; `}` +
      `echo ${name} >/sys/bus/pci/drivers_probe`;
    throw refusal(def, name, `it is not bound to vfio-pci: ${now}${unmanaged}`, hint);
  }
  if (iommuGroup(name, tree) !== undefined) return;
  throw refusal(
    def,
    name,
    'this host has no IOMMU that is switched on',
    'boot the kernel with intel_iommu=on or amd_iommu=on',
  );
}

/** The group under whose number `/dev/vfio` has a device's node; undefined without an IOMMU. */
export function iommuGroup(name: string, tree: HostTree): string | undefined {
  const groups = '/sys/kernel/iommu_groups';
  return tree.names(groups).find(group => tree.names(`${groups}/${group}/devices`).includes(name));
}

function checkMdev(device: DeviceDef, def: DomainDef, tree: HostTree): void {
  if (device.kind !== 'hostdev' || device.host.type !== 'mdev') return;
  const uuid = device.host.source.address;
  if (tree.names(mdevPath(uuid)).length > 0) return;
  const message = `cannot give domain '${def.name}' the mediated device ${uuid}: this host has no such device`;
  throw new VirtError('CONFIG_UNSUPPORTED', 'QEMU', message, {
    hint: `make it first, e.g. 'mdevctl start --uuid ${uuid}'`,
  });
}

function refusal({name: domain}: DomainDef, device: string, why: string, hint: string): VirtError {
  const message = `cannot give domain '${domain}' the PCI device ${device}: ${why}`;
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', message, {hint});
}
