import type {ControllerDef, ControllerType} from '../../../model/devices/controller.ts';
import {omitUndefined} from '../omit-undefined.ts';
import type {OptionBag} from '../option-bag.ts';
import {ownProperty} from '../own-property.ts';
import {takeDeviceBase} from './device-place.ts';

/** libvirt's type and model of each controller, and the device's own name where that has two. Source: libvirt 9.0.0, src/qemu/qemu_command.c and src/conf/domain_conf.c. */
const CONTROLLERS: Readonly<Record<string, readonly [type: ControllerType, model?: string, modelName?: string]>> = {
  'piix3-usb-uhci': ['usb', 'piix3-uhci'],
  'piix4-usb-uhci': ['usb', 'piix4-uhci'],
  'usb-ehci': ['usb', 'ehci'],
  'ich9-usb-ehci1': ['usb', 'ich9-ehci1'],
  'ich9-usb-uhci1': ['usb', 'ich9-uhci1'],
  'ich9-usb-uhci2': ['usb', 'ich9-uhci2'],
  'ich9-usb-uhci3': ['usb', 'ich9-uhci3'],
  'nec-usb-xhci': ['usb', 'nec-xhci'],
  'qemu-xhci': ['usb', 'qemu-xhci'],
  'pci-ohci': ['usb', 'pci-ohci'],
  'virtio-scsi-pci': ['scsi', 'virtio-scsi'],
  'virtio-scsi-ccw': ['scsi', 'virtio-scsi'],
  'virtio-scsi-device': ['scsi', 'virtio-scsi'],
  lsi: ['scsi', 'lsilogic'],
  lsi53c895a: ['scsi', 'lsilogic'],
  megasas: ['scsi', 'lsisas1078'],
  mptsas1068: ['scsi', 'lsisas1068'],
  'spapr-vscsi': ['scsi', 'ibmvscsi'],
  ahci: ['sata'],
  'ich9-ahci': ['sata'],
  'virtio-serial': ['virtio-serial'],
  'virtio-serial-pci': ['virtio-serial'],
  'virtio-serial-ccw': ['virtio-serial'],
  'virtio-serial-device': ['virtio-serial'],
  'usb-ccid': ['ccid'],
  'pcie-root-port': ['pci', 'pcie-root-port'],
  ioh3420: ['pci', 'pcie-root-port', 'ioh3420'],
  'pcie-pci-bridge': ['pci', 'pcie-to-pci-bridge'],
  'i82801b11-bridge': ['pci', 'dmi-to-pci-bridge'],
  'pci-bridge': ['pci', 'pci-bridge'],
};

/** A controller of `-device`; undefined for a device that is none. */
export function readController(name: string, bag: OptionBag): ControllerDef | undefined {
  const [type, model, modelName] = ownProperty(CONTROLLERS, name) ?? [];
  if (type === undefined) return undefined;
  const index = indexOfId(bag.peek('id'));
  const ports = bag.takeNumber('p2');
  bag.drop('p3', 'masterbus', 'firstport');
  const vectors = bag.takeNumber('vectors');
  const target = type === 'pci' ? takePciTarget(name, bag) : undefined;
  return {
    kind: 'controller',
    type,
    ...omitUndefined({model, index, ports, vectors, modelName, target}),
    ...takeDeviceBase(bag),
  };
}

/** libvirt's and our ids end with the number of the controller; `usb` alone is the first. */
function indexOfId(id: string | undefined): number | undefined {
  const match = /^(?:usb|scsi|sata|virtio-serial|ccid|pci\.)(\d{0,4})$/.exec(id ?? '');
  return match ? Number(match[1] || 0) : undefined;
}

function takePciTarget(name: string, bag: OptionBag): ControllerDef['target'] {
  if (name === 'pci-bridge') {
    const chassisNr = bag.takeNumber('chassis_nr');
    return chassisNr === undefined ? undefined : {chassisNr};
  }
  const chassis = bag.takeNumber('chassis');
  const port = bag.takeNumber('port');
  const hotplug = bag.takeSwitch('hotplug');
  return chassis === undefined && port === undefined ? undefined : omitUndefined({chassis, port, hotplug});
}
