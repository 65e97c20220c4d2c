import type {PciAddress} from './address.ts';

/** `0000:06:12.5`, as sysfs and QEMU name a PCI device of the host. */
export function pciName({domain, bus, slot, function: part}: PciAddress): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  return `${hex(domain, 4)}:${hex(bus, 2)}:${hex(slot, 2)}.${part}`;
}

/** Where sysfs has a PCI device of the host. */
export function pciPath(address: PciAddress): string {
  return `/sys/bus/pci/devices/${pciName(address)}`;
}

/** Where sysfs has a mediated device. */
export function mdevPath(uuid: string): string {
  return `/sys/bus/mdev/devices/${uuid}`;
}

/** The node of a USB device of the host by its place; undefined where the place is not known. */
export function usbNode(address: {readonly bus?: number; readonly device?: number} | undefined): string | undefined {
  if (address?.bus === undefined || address.device === undefined) return undefined;
  const pad = (value: number) => String(value).padStart(3, '0');
  return `/dev/bus/usb/${pad(address.bus)}/${pad(address.device)}`;
}

/** `0:0:1:4`: adapter, bus, target and unit of a SCSI device of the host; the adapter is called `scsi_host0`. */
export function scsiPath(
  adapter: string,
  address: {readonly bus?: number; readonly target?: number; readonly unit?: number},
): string {
  const host = adapter.replace(/^scsi_host/, '');
  return `/sys/bus/scsi/devices/${host}:${address.bus ?? 0}:${address.target ?? 0}:${address.unit ?? 0}`;
}
