import {VirtError} from '../../../base/virt-error.ts';
import type {PciAddress} from '../../../model/devices/address.ts';
import type {DeviceDef} from '../../../model/devices/device-def.ts';
import {mdevPath, pciName, usbNode} from '../../../model/devices/host-paths.ts';
import type {HostdevDef} from '../../../model/devices/hostdev.ts';
import type {InterfaceDef} from '../../../model/devices/interface.ts';
import type {ArgvInput} from '../argv-input.ts';
import {bootIndex} from '../boot-args.ts';
import {deviceArg, type OptionRecord, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver, notYetSupported} from './device-context.ts';
import {anyPlace, pciPlace, romOptions, usbPlace} from './device-place.ts';
import {scsiHostArgs} from './hostdev-scsi.ts';
import {chooseVirtio} from './virtio-args.ts';

/** A device of the host that the guest gets. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildHostdevCommandLine. */
export function buildHostdevArgs(hostdev: HostdevDef, input: ArgvInput): readonly QemuArg[] {
  const {host} = hostdev;
  const common = {id: aliasOf(hostdev), bootindex: bootIndex(input.def, hostdev)};
  switch (host.type) {
    case 'pci':
      return [pciCard(host.source.address, hostdev, {...common, ...teamed(host.teaming, input)}, input)];
    case 'usb':
      return [usbHost(host.source, hostdev, common, input)];
    case 'scsi':
      return scsiHostArgs(hostdev, host, input);
    case 'scsi_host': {
      const driver = chooseVirtio('vhost-scsi', host.model, 'SCSI adapter of the host', input);
      return [deviceArg(driver, {...common, wwpn: host.source.wwpn, ...anyPlace(hostdev, input)})];
    }
    case 'mdev': {
      const screen = {display: host.display, ramfb: host.ramfb};
      const options = {...common, sysfsdev: mdevPath(host.source.address), ...screen, ...anyPlace(hostdev, input)};
      return [deviceArg(chooseDriver([host.model], 'mediated device of the host', input), options)];
    }
  }
}

type HostCard = Extract<InterfaceDef, {readonly type: 'hostdev'}>;

/** A network card of the host is a device of the host. */
export function buildHostCardArgs(nic: HostCard, input: ArgvInput): readonly QemuArg[] {
  const {address, vendorId, productId} = nic.source;
  const common = {id: aliasOf(nic), bootindex: bootIndex(input.def, nic)};
  if (address?.type === 'pci') return [pciCard(address, nic, {...common, ...teamed(nic.teaming, input)}, input)];
  if (address === undefined && vendorId === undefined) throw notYetSupported("<interface type='hostdev'>", input);
  return [usbHost({address, vendorId, productId}, nic, common, input)];
}

function pciCard(address: PciAddress, device: HostdevDef | HostCard, common: OptionRecord, input: ArgvInput): QemuArg {
  const driver = device.kind === 'interface' ? device.hostDriver : device.host.type === 'pci' && device.host.driver;
  if (driver === 'kvm' || driver === 'xen') throw oldAssignment(driver, input);
  const options = {host: pciName(address), ...common, ...romOptions(device), ...pciPlace(device, input)};
  return deviceArg(chooseDriver(['vfio-pci'], 'PCI device of the host', input), options);
}

function oldAssignment(driver: string, {def}: ArgvInput): VirtError {
  const why = driver === 'kvm' ? "'kvm' went away with QEMU 2.12 and Linux 4.12" : "'xen' is another hypervisor's";
  const message = `cannot give domain '${def.name}' a PCI device of the host by the driver '${driver}': ${why}`;
  return new VirtError('CONFIG_UNSUPPORTED', 'QEMU', message, {hint: "write <driver name='vfio'/>, or leave it out"});
}

/** The card that goes when a guest migrates names the one that stays. */
function teamed(teaming: InterfaceDef['teaming'], {def}: ArgvInput): OptionRecord {
  if (teaming?.type !== 'transient') return {};
  const stays = def.devices.find(device => isPersistent(device, teaming.persistent));
  if (stays !== undefined) return {failover_pair_id: teaming.persistent};
  const message = `cannot give domain '${def.name}' a transient card: no persistent one is called '${teaming.persistent ?? ''}'`;
  throw new VirtError('CONFIG_UNSUPPORTED', 'QEMU', message, {
    hint: "give the other interface <teaming type='persistent'/> and <alias name='ua-...'/>",
  });
}

function isPersistent(device: DeviceDef, alias: string | undefined): boolean {
  return device.kind === 'interface' && device.teaming?.type === 'persistent' && device.alias === alias;
}

interface UsbSource {
  readonly address?: {readonly bus?: number; readonly device?: number} | undefined;
  readonly vendorId?: number | undefined;
  readonly productId?: number | undefined;
  readonly guestReset?: 'off' | 'uninitialized' | 'on';
}

/** By its place on the host's bus, else by its numbers. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildUSBHostdevDevProps. */
function usbHost(source: UsbSource, device: HostdevDef | HostCard, common: OptionRecord, input: ArgvInput): QemuArg {
  const {address, guestReset} = source;
  const hostdevice = usbNode(address);
  const hex = (value: number | undefined) => (value === undefined ? undefined : `0x${value.toString(16)}`);
  const found =
    hostdevice === undefined ? {vendorid: hex(source.vendorId), productid: hex(source.productId)} : {hostdevice};
  const options = {
    ...found,
    ...common,
    'guest-reset': guestReset === undefined ? undefined : guestReset !== 'off',
    'guest-resets-all': guestReset === undefined ? undefined : guestReset === 'on',
    ...usbPlace(device, input),
  };
  return deviceArg(chooseDriver(['usb-host'], 'USB device of the host', input), options);
}
