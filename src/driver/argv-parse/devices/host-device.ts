import {USER_ALIAS_PREFIX} from '../../../model/devices/device-base.ts';
import type {HostdevDef} from '../../../model/devices/hostdev.ts';
import {claimNode} from '../disks/nodes.ts';
import type {NativeDraft} from '../native-draft.ts';
import type {NativeArg} from '../native-word.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {parseOption} from '../parse-option.ts';
import {takeDeviceBase} from './device-place.ts';
import type {DeviceReader, DeviceReaders} from './device-reader.ts';
import {takeScsiAddress} from './disk-device-place.ts';
import {parsePciHost} from './pci-host-address.ts';
import {takeVirtioModel} from './virtio-device.ts';

/** `-pcidevice`, of KVM before `-device`. */
export function readPcidevice(arg: NativeArg, draft: NativeDraft): void {
  const bag = parseOption(arg.value);
  const address = parsePciHost(bag.take('host') ?? '');
  if (!address) {
    draft.keep(arg, 'its host is no PCI address');
    return;
  }
  bag.drop('id', 'dma', 'name');
  draft.devices.push(hostdev({type: 'pci', managed: true, source: {address}}));
  draft.warnRest(arg, bag);
}

/** A device of the host, as what it is there. */
export function hostdev(host: HostdevDef['host']): HostdevDef {
  return {kind: 'hostdev', mode: 'subsystem', host, readonly: false, shareable: false};
}

/** A USB device of the host: by its makers' numbers or by its place. */
export function usbHostdev(source: Extract<HostdevDef['host'], {readonly type: 'usb'}>['source']): HostdevDef {
  return hostdev({type: 'usb', managed: false, source});
}

const pciHost: DeviceReader = ({name, bag}, draft) => {
  const host = hostOf(name, bag);
  if (!host) return false;
  bag.drop('host', 'sysfsdev');
  draft.devices.push({...hostdev(host), ...takeDeviceBase(bag, draft)});
  return true;
};

/** A PCI device by its address, or a mediated one by the name of its directory. */
function hostOf(name: string, bag: OptionBag): HostdevDef['host'] | undefined {
  const address = parsePciHost(bag.peek('host') ?? '');
  const uuid = /^\/sys\/bus\/mdev\/devices\/([0-9a-f-]{36})$/i.exec(bag.peek('sysfsdev') ?? '')?.[1];
  const model = (['vfio-pci', 'vfio-ccw', 'vfio-ap'] as const).find(word => word === name);
  if (address && name !== 'vfio-ccw' && name !== 'vfio-ap') {
    const more = omitUndefined({display: bag.takeSwitch('display'), teaming: takeTransient(bag)});
    return {type: 'pci', managed: true, ...more, source: {address}};
  }
  if (!uuid || !model) return undefined;
  const more = omitUndefined({display: bag.takeSwitch('display'), ramfb: bag.takeSwitch('ramfb')});
  return {type: 'mdev', managed: false, model, ...more, source: {address: uuid}};
}

/** The card that stays is named by the alias that its user gave it: others are not kept. */
function takeTransient(bag: OptionBag) {
  const persistent = bag.peek('failover_pair_id');
  if (!persistent?.startsWith(USER_ALIAS_PREFIX)) return undefined;
  bag.take('failover_pair_id');
  return {type: 'transient' as const, persistent};
}

const usbHost: DeviceReader = ({bag}, draft) => {
  const vendorId = bag.takeNumber('vendorid');
  const productId = bag.takeNumber('productid');
  const address = takeUsbAddress(bag);
  if (vendorId === undefined && !address) return false;
  const guestReset = takeGuestReset(bag);
  draft.devices.push({
    ...usbHostdev(omitUndefined({guestReset, vendorId, productId, address})),
    ...takeDeviceBase(bag, draft),
  });
  return true;
};

function takeUsbAddress(bag: OptionBag) {
  const file = /^\/dev\/bus\/usb\/(\d{1,3})\/(\d{1,3})$/.exec(bag.peek('hostdevice') ?? '');
  if (file) {
    bag.take('hostdevice');
    return {bus: Number(file[1]), device: Number(file[2])};
  }
  const bus = bag.takeNumber('hostbus');
  const device = bag.takeNumber('hostaddr');
  return bus === undefined || device === undefined ? undefined : {bus, device};
}

/** Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildUSBHostdevDevProps. */
function takeGuestReset(bag: OptionBag): 'off' | 'uninitialized' | 'on' | undefined {
  const reset = bag.takeSwitch('guest-reset');
  const all = bag.takeSwitch('guest-resets-all');
  if (reset === undefined) return undefined;
  return !reset ? 'off' : all ? 'on' : 'uninitialized';
}

/** A SCSI adapter of the host's kernel. */
const vhostScsi: DeviceReader = ({bag, model}, draft) => {
  const wwpn = bag.peek('wwpn');
  if (wwpn === undefined) return false;
  // A descriptor that was handed over open.
  bag.drop('wwpn', 'vhostfd');
  const own = takeVirtioModel(model ?? 'virtio', bag);
  draft.devices.push({
    ...hostdev({
      type: 'scsi_host',
      managed: false,
      ...omitUndefined({model: own === 'virtio' ? undefined : own}),
      source: {protocol: 'vhost', wwpn},
    }),
    ...takeDeviceBase(bag, draft),
  });
  return true;
};

/** A LUN of an iSCSI server; one of an adapter of the host is named by a file that says not which. */
const scsiHost: DeviceReader = ({bag}, draft) => {
  const claimed = claimIscsi(bag.peek('drive') ?? '', draft);
  if (!claimed) return false;
  bag.take('drive');
  const address = takeScsiAddress(bag, draft);
  draft.devices.push({
    ...hostdev({type: 'scsi', managed: false, source: claimed.source}),
    readonly: claimed.readonly,
    ...takeDeviceBase(bag, draft),
    ...(address ? {address} : {}),
  });
  return true;
};

function claimIscsi(node: string, draft: NativeDraft) {
  const driver = draft.nodes.get(node)?.backend.peek('driver');
  const backend = driver === 'iscsi' ? claimNode(node, draft) : undefined;
  if (backend?.source?.type !== 'network') return undefined;
  const {name, hosts, initiator, auth} = backend.source;
  const source = {protocol: 'iscsi' as const, ...omitUndefined({name, hosts, initiator, auth})};
  return {source, readonly: backend.readonly};
}

/** Devices of the host; false when the host's device is not named as the XML names it. */
export const HOST_DEVICES: DeviceReaders = {
  'vfio-pci': pciHost,
  'vfio-ccw': pciHost,
  'vfio-ap': pciHost,
  'pci-assign': pciHost,
  'kvm-pci-assign': pciHost,
  'usb-host': usbHost,
  'vhost-scsi': vhostScsi,
  'scsi-generic': scsiHost,
};
