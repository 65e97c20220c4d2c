import type {ControllerDef, ControllerType} from '../../../model/devices/controller.ts';
import type {NativeDraft} from '../native-draft.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {ownProperty} from '../own-property.ts';
import {takeDeviceBase} from './device-place.ts';
import {takeIothread, takeVirtioModel, takeVirtioOptions, virtioName} from './virtio-device.ts';

/** libvirt's type and model of each controller, and the device's own name where that has two. Source: libvirt 9.0.0, src/qemu/qemu_command.c and src/conf/domain_conf.c. */
const CONTROLLERS: Readonly<Record<string, readonly [type: ControllerType, model?: string, modelName?: string]>> = {
  'piix3-usb-uhci': ['usb', 'piix3-uhci'],
  'piix4-usb-uhci': ['usb', 'piix4-uhci'],
  'usb-ehci': ['usb', 'ehci'],
  'ich9-usb-ehci1': ['usb', 'ich9-ehci1'],
  'ich9-usb-uhci1': ['usb', 'ich9-uhci1'],
  'ich9-usb-uhci2': ['usb', 'ich9-uhci2'],
  'ich9-usb-uhci3': ['usb', 'ich9-uhci3'],
  'vt82c686b-usb-uhci': ['usb', 'vt82c686b-uhci'],
  'nec-usb-xhci': ['usb', 'nec-xhci'],
  'qemu-xhci': ['usb', 'qemu-xhci'],
  'pci-ohci': ['usb', 'pci-ohci'],
  'virtio-scsi': ['scsi', 'virtio-scsi'],
  lsi: ['scsi', 'lsilogic'],
  lsi53c895a: ['scsi', 'lsilogic'],
  megasas: ['scsi', 'lsisas1078'],
  mptsas1068: ['scsi', 'lsisas1068'],
  pvscsi: ['scsi', 'vmpvscsi'],
  am53c974: ['scsi', 'am53c974'],
  dc390: ['scsi', 'dc390'],
  'spapr-vscsi': ['scsi', 'ibmvscsi'],
  ahci: ['sata'],
  'ich9-ahci': ['sata'],
  'virtio-serial': ['virtio-serial'],
  'usb-ccid': ['ccid'],
  'pcie-root-port': ['pci', 'pcie-root-port'],
  ioh3420: ['pci', 'pcie-root-port', 'ioh3420'],
  'x3130-upstream': ['pci', 'pcie-switch-upstream-port'],
  'xio3130-downstream': ['pci', 'pcie-switch-downstream-port'],
  pxb: ['pci', 'pci-expander-bus'],
  'pxb-pcie': ['pci', 'pcie-expander-bus'],
  'pcie-pci-bridge': ['pci', 'pcie-to-pci-bridge'],
  'i82801b11-bridge': ['pci', 'dmi-to-pci-bridge'],
  'pci-bridge': ['pci', 'pci-bridge'],
};

/** Adds a controller of `-device`; false for a device that is none. */
export function readController(name: string, bag: OptionBag, draft: NativeDraft): boolean {
  const virtio = virtioName(name);
  const [type, usualModel, modelName] = ownProperty(CONTROLLERS, virtio?.base ?? name) ?? [];
  if (type === undefined) return false;
  const index = takeIndex(type, bag, draft);
  const controller: ControllerDef = {
    kind: 'controller',
    type,
    index,
    ...omitUndefined({
      model: virtio ? modelOf(usualModel, takeVirtioModel(virtio.model, bag)) : usualModel,
      modelName,
      ports: bag.takeNumber('p2') ?? bag.takeNumber('max_ports'),
      vectors: bag.takeNumber('vectors'),
      target: type === 'pci' ? takePciTarget(bag) : undefined,
      driver: virtio ? takeDriver(bag, draft) : undefined,
      master: takeMaster(bag),
    }),
    ...takeDeviceBase(bag, draft),
  };
  bag.drop('p3');
  draft.devices.push(controller);
  return true;
}

/** `virtio-scsi` has a model of each kind; the port of consoles has the kind alone. */
function modelOf(usual: string | undefined, virtio: string): string | undefined {
  if (usual !== undefined) return virtio.replace('virtio', usual);
  return virtio === 'virtio' ? undefined : virtio;
}

/** The number that libvirt's and our ids end with, else the next free one; a companion has that of its master. */
function takeIndex(type: ControllerType, bag: OptionBag, draft: NativeDraft): number {
  const master = draft.buses.get(bag.peek('masterbus')?.replace(/\.\d+$/, '') ?? '');
  if (master?.type === type) return master.index;
  const taken = new Set(
    draft.devices.flatMap(device => (device.kind === 'controller' && device.type === type ? [device.index] : [])),
  );
  const id = bag.peek('id');
  const wished = indexOfId(id);
  let index = type === 'pci' ? 1 : 0;
  if (wished !== undefined && !taken.has(wished) && (type !== 'pci' || wished > 0)) index = wished;
  else while (taken.has(index)) index++;
  draft.buses.set(id ?? `${type}.${index}`, {type, index});
  return index;
}

/** `usb` alone is the first. */
function indexOfId(id: string | undefined): number | undefined {
  const match = /^(?:usb|scsi|sata|virtio-serial|ccid|pci\.)(\d{0,4})$/.exec(id ?? '');
  return match ? Number(match[1] || 0) : undefined;
}

function takeMaster(bag: OptionBag): ControllerDef['master'] {
  const startport = bag.takeNumber('firstport');
  if (bag.peek('masterbus') === undefined) return undefined;
  bag.take('masterbus');
  return {startport: startport ?? 0};
}

function takeDriver(bag: OptionBag, draft: NativeDraft): ControllerDef['driver'] {
  const driver = omitUndefined({
    queues: bag.takeNumber('num_queues'),
    commandsPerLun: bag.takeNumber('cmd_per_lun'),
    maxSectors: bag.takeNumber('max_sectors'),
    ioeventfd: bag.takeSwitch('ioeventfd'),
    iothread: takeIothread(bag, draft),
    ...takeVirtioOptions(bag),
  });
  return Object.keys(driver).length > 0 ? driver : undefined;
}

function takePciTarget(bag: OptionBag): ControllerDef['target'] {
  const target = omitUndefined({
    chassisNr: bag.takeNumber('chassis_nr'),
    chassis: bag.takeNumber('chassis'),
    port: bag.takeNumber('port'),
    busNr: bag.takeNumber('bus_nr'),
    node: bag.takeNumber('numa_node'),
    hotplug: bag.takeSwitch('hotplug'),
  });
  return Object.keys(target).length > 0 ? target : undefined;
}
