import type {ControllerDef} from '../devices/controller.ts';
import type {DeviceDef} from '../devices/device-def.ts';
import type {CompletionFacts} from './completion-facts.ts';
import type {PciNeed, PciRequest} from './pci-bus.ts';

/** Whether ordinary and virtio devices of a guest are PCIe ones. */
export interface PciStyle {
  readonly pcie: boolean;
  readonly virtioPcie: boolean;
}

/** Virtio devices are PCIe ones where the emulator can make them without the old interface. */
export function pciStyle(hasPcieRoot: boolean, {devices}: CompletionFacts): PciStyle {
  return {pcie: hasPcieRoot, virtioPcie: hasPcieRoot && devices.has('virtio-blk-pci-non-transitional')};
}

/**
 * What a device needs of PCI; undefined for one that is none.
 *
 * @see libvirt 9.0.0, src/qemu/qemu_domain_address.c, qemuDomainDeviceCalculatePCIConnectFlags
 */
export function pciRequest(device: DeviceDef, style: PciStyle): PciRequest | undefined {
  if (device.kind === 'controller' && device.type === 'pci') return bridgeRequest(device.model);
  const way = wayOf(device);
  if (way === undefined) return undefined;
  if (way === 'root') return {need: 'integrated-device', automatic: false};
  const express = way === 'pcie' ? style.pcie : way === 'virtio' && style.virtioPcie;
  return {need: express ? 'pcie-device' : 'pci-device', automatic: true};
}

const BRIDGES: Readonly<Record<string, PciNeed>> = {
  'pci-bridge': 'pci-bridge',
  'pci-expander-bus': 'pci-expander-bus',
  'pcie-expander-bus': 'pcie-expander-bus',
  'dmi-to-pci-bridge': 'dmi-to-pci-bridge',
  'pcie-to-pci-bridge': 'pcie-to-pci-bridge',
  'pcie-root-port': 'pcie-root-port',
  'pcie-switch-upstream-port': 'pcie-switch-upstream-port',
  'pcie-switch-downstream-port': 'pcie-switch-downstream-port',
};

function bridgeRequest(model: string | undefined): PciRequest | undefined {
  const need = BRIDGES[model ?? ''];
  return need && {need, automatic: false, ...(need === 'pcie-root-port' ? {aggregate: true} : {})};
}

type Way = 'pci' | 'pcie' | 'virtio' | 'root';

/** A transitional virtio device works in a conventional slot only. */
function virtioWay(model: string | undefined): Way {
  return model === 'virtio-transitional' ? 'pci' : 'virtio';
}

function wayOf(device: DeviceDef): Way | undefined {
  switch (device.kind) {
    case 'controller':
      return wayOfController(device);
    case 'disk':
      return device.target.bus === 'virtio' ? virtioWay(device.model) : undefined;
    case 'filesystem':
    case 'rng':
    case 'vsock':
      return virtioWay(device.model);
    case 'input':
      return device.bus === 'virtio' ? virtioWay(device.model) : undefined;
    case 'memballoon':
      return device.model === 'none' || device.model === 'xen' ? undefined : virtioWay(device.model);
    case 'interface':
      return device.type === 'hostdev' ? wayOfCard(device) : wayOfInterface(device.model);
    case 'sound':
      return ['es1370', 'ac97', 'ich6', 'ich9'].includes(device.model) ? 'pci' : undefined;
    case 'hostdev':
      return wayOfHostdev(device.host);
    case 'watchdog':
      return device.model === 'i6300esb' ? 'pci' : undefined;
    case 'video':
      return wayOfVideo(device.model?.type);
    case 'shmem':
    case 'crypto':
      return 'pci';
    case 'serial':
      return device.target?.type === 'pci-serial' ? 'pci' : undefined;
    case 'iommu':
      return device.model === 'virtio' ? 'root' : undefined;
    case 'memory':
      return device.model === 'virtio-pmem' || device.model === 'virtio-mem' ? 'virtio' : undefined;
    default:
      return undefined;
  }
}

function wayOfController({type, model}: ControllerDef): Way | undefined {
  switch (type) {
    case 'sata':
    case 'ide':
      return 'pci';
    case 'usb':
      if (model === 'none') return undefined;
      return model === 'nec-xhci' || model === 'qemu-xhci' ? 'pcie' : 'pci';
    case 'virtio-serial':
      return virtioWay(model);
    case 'scsi':
      if (model === undefined || model === 'ncr53c90') return undefined;
      return model === 'virtio-scsi' || model === 'virtio-non-transitional' ? 'virtio' : 'pci';
    default:
      return undefined;
  }
}

function wayOfCard({source}: Extract<DeviceDef, {kind: 'interface'; type: 'hostdev'}>): Way | undefined {
  return source.address?.type === 'pci' ? 'pcie' : undefined;
}

function wayOfInterface(model: string | undefined): Way | undefined {
  if (model === 'usb-net' || model === 'spapr-vlan') return undefined;
  if (model === 'virtio' || model === 'virtio-non-transitional') return 'virtio';
  return model === 'e1000e' || model === 'igb' ? 'pcie' : 'pci';
}

/** Devices of the host are taken for PCIe ones, as almost all are. */
function wayOfHostdev(host: Extract<DeviceDef, {kind: 'hostdev'}>['host']): Way | undefined {
  if (host.type === 'pci') return 'pcie';
  if (host.type === 'mdev') return host.model === 'vfio-pci' ? 'pcie' : undefined;
  return host.type === 'scsi_host' ? virtioWay(host.model) : undefined;
}

function wayOfVideo(type: string | undefined): Way | undefined {
  if (type === undefined || type === 'none' || type === 'ramfb' || type === 'gop') return undefined;
  if (type === 'virtio') return 'virtio';
  return type === 'bochs' ? 'pcie' : 'pci';
}
