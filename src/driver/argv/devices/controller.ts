import {VirtError} from '../../../base/virt-error.ts';
import {addressOfType} from '../../../model/devices/address.ts';
import type {ControllerDef} from '../../../model/devices/controller.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {machineFamily} from '../machine-family.ts';
import {deviceArg, type OptionRecord, type QemuArg} from '../qemu-arg.ts';
import {aliasOf, chooseDriver} from './device-context.ts';
import {pciPlace, usbPlace} from './device-place.ts';
import {chooseVirtio, virtioOptions} from './virtio-args.ts';

/** A controller that the definition has; what is soldered on needs no argument. */
export function buildControllerDevice(controller: ControllerDef, input: ArgvInput): readonly QemuArg[] {
  switch (controller.type) {
    case 'pci':
      return pciController(controller, input);
    case 'usb':
      return usbController(controller, input);
    case 'scsi':
      return scsiController(controller, input);
    case 'sata':
      return sataController(controller, input);
    case 'virtio-serial':
      return serialController(controller, input);
    case 'ccid':
      return [one(['usb-ccid'], controller, {id: aliasOf(controller), ...usbPlace(controller, input)}, input)];
    case 'ide':
    case 'fdc':
      if ((controller.index ?? 0) > 0) throw unsupported(controller, input, 'a board has one');
      return [];
    case 'isa':
      return [];
    case 'xenbus':
      throw unsupported(controller, input, 'QEMU has no Xen bus');
  }
}

function one(
  drivers: readonly string[],
  {type, model}: ControllerDef,
  options: OptionRecord,
  input: ArgvInput,
): QemuArg {
  const what = `${type} controller${model === undefined ? '' : ` '${model}'`}`;
  return deviceArg(chooseDriver(drivers, what, input), options);
}

/** By model. Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainControllerPCIModelName. */
const PCI_BRIDGES: Readonly<Record<string, string>> = {
  'pci-bridge': 'pci-bridge',
  'dmi-to-pci-bridge': 'i82801b11-bridge',
  'pcie-root-port': 'pcie-root-port',
  'pcie-switch-upstream-port': 'x3130-upstream',
  'pcie-switch-downstream-port': 'xio3130-downstream',
  'pci-expander-bus': 'pxb',
  'pcie-expander-bus': 'pxb-pcie',
  'pcie-to-pci-bridge': 'pcie-pci-bridge',
};

function pciController(controller: ControllerDef, input: ArgvInput): readonly QemuArg[] {
  const {model, target} = controller;
  if (model === 'pci-root' && (controller.index ?? 0) > 0) return [hostBridge(controller, input)];
  if (model === undefined || model === 'pci-root' || model === 'pcie-root') return [];
  const driver = controller.modelName ?? PCI_BRIDGES[model];
  if (driver === undefined) throw unsupported(controller, input, 'QEMU has no such model');
  const hasPort = model === 'pcie-root-port' || model === 'pcie-switch-downstream-port';
  const options = {
    port: hasPort ? target?.port : undefined,
    chassis: hasPort ? target?.chassis : undefined,
    chassis_nr: model === 'pci-bridge' ? target?.chassisNr : undefined,
    bus_nr: target?.busNr,
    id: aliasOf(controller),
    numa_node: target?.node,
    hotplug: hasPort ? target?.hotplug : undefined,
    ...pciPlace(controller, input),
  };
  return [one([driver], controller, options, input)];
}

/** Only a pseries board has several roots. Source: libvirt 9.0.0, src/qemu/qemu_command.c, qemuBuildControllerPCIDevProps. */
function hostBridge(controller: ControllerDef, input: ArgvInput): QemuArg {
  const {target} = controller;
  const options = {index: target?.index ?? controller.index, id: aliasOf(controller), numa_node: target?.node};
  return one(['spapr-pci-host-bridge'], controller, options, input);
}

const USB_MODELS: Readonly<Record<string, string>> = {
  'piix3-uhci': 'piix3-usb-uhci',
  'piix4-uhci': 'piix4-usb-uhci',
  ehci: 'usb-ehci',
  'ich9-ehci1': 'ich9-usb-ehci1',
  'ich9-uhci1': 'ich9-usb-uhci1',
  'ich9-uhci2': 'ich9-usb-uhci2',
  'ich9-uhci3': 'ich9-usb-uhci3',
  'vt82c686b-uhci': 'vt82c686b-usb-uhci',
  'pci-ohci': 'pci-ohci',
  'nec-xhci': 'nec-usb-xhci',
  'qemu-xhci': 'qemu-xhci',
};
const USUAL_USB = ['piix3-usb-uhci', 'qemu-xhci', 'nec-usb-xhci', 'pci-ohci'];

function usbController(controller: ControllerDef, input: ArgvInput): readonly QemuArg[] {
  const {model, ports} = controller;
  if (model === 'none') return [];
  const driver = model === undefined ? undefined : USB_MODELS[model];
  if (model !== undefined && driver === undefined) throw unsupported(controller, input, 'QEMU has no such model');
  const firstport = firstPort(controller, input);
  const alias = aliasOf(controller);
  const identity = firstport === undefined ? {id: alias} : {masterbus: `${alias}.0`, firstport};
  const options = {p2: ports, p3: ports, ...identity, ...pciPlace(controller, input)};
  return [one(driver === undefined ? USUAL_USB : [driver], controller, options, input)];
}

/** Ports that the controllers of a USB 2 controller's slow devices have on it, each two. */
const COMPANION_PORTS: Readonly<Record<string, number>> = {'ich9-uhci1': 0, 'ich9-uhci2': 2, 'ich9-uhci3': 4};

/** The first port of a companion of a USB 2 controller; undefined for a controller of its own. */
function firstPort({model = '', master, index = 0}: ControllerDef, {def}: ArgvInput): number | undefined {
  if (master) return master.startport;
  const masters = devicesOf(def, 'controller').filter(
    ({type, model: other}) => type === 'usb' && other === 'ich9-ehci1',
  );
  return masters.some(other => (other.index ?? 0) === index) ? COMPANION_PORTS[model] : undefined;
}

/** By model; `lsi` is an alias of `lsi53c895a` that `qom-list-types` does not know. */
const SCSI_MODELS: Readonly<Record<string, readonly string[]>> = {
  lsilogic: ['lsi', 'lsi53c895a'],
  auto: ['lsi', 'lsi53c895a'],
  lsisas1068: ['mptsas1068'],
  lsisas1078: ['megasas'],
  vmpvscsi: ['pvscsi'],
  am53c974: ['am53c974'],
  dc390: ['dc390'],
  ibmvscsi: ['spapr-vscsi'],
};
const USUAL_SCSI = ['virtio-scsi-pci', 'lsi53c895a', 'virtio-scsi-ccw', 'virtio-scsi-device'];

function scsiController(controller: ControllerDef, input: ArgvInput): readonly QemuArg[] {
  const {model = 'usual', driver} = controller;
  if (input.def.os.arch === 'sparc') return [];
  const reg = addressOfType(controller, 'spapr-vio')?.reg;
  const options = {
    iothread: driver?.iothread === undefined ? undefined : `iothread${driver.iothread}`,
    ...virtioOptions(driver),
    id: aliasOf(controller),
    num_queues: driver?.queues,
    cmd_per_lun: driver?.commandsPerLun,
    max_sectors: driver?.maxSectors,
    ioeventfd: driver?.ioeventfd,
    reg,
    ...pciPlace(controller, input),
  };
  if (model.startsWith('virtio-')) {
    const name = chooseVirtio('virtio-scsi', model.replace('virtio-scsi', 'virtio'), 'SCSI controller', input);
    return [deviceArg(name, options)];
  }
  const drivers = model === 'usual' ? USUAL_SCSI : SCSI_MODELS[model];
  if (!drivers) throw unsupported(controller, input, 'QEMU has no such model');
  return [one(drivers, controller, options, input)];
}

function sataController(controller: ControllerDef, input: ArgvInput): readonly QemuArg[] {
  if ((controller.index ?? 0) === 0 && machineFamily(input.def, input.caps) === 'q35') return [];
  return [one(['ahci', 'ich9-ahci'], controller, {id: aliasOf(controller), ...pciPlace(controller, input)}, input)];
}

function serialController(controller: ControllerDef, input: ArgvInput): readonly QemuArg[] {
  const options = {
    id: aliasOf(controller),
    max_ports: controller.ports,
    vectors: controller.vectors,
    ...virtioOptions(controller.driver),
    ...pciPlace(controller, input),
  };
  return [deviceArg(chooseVirtio('virtio-serial', controller.model, 'virtio console controller', input), options)];
}

function unsupported({type, model, index}: ControllerDef, {def}: ArgvInput, why: string): VirtError {
  const words = [
    `type='${type}'`,
    ...(index ? [`index='${index}'`] : []),
    ...(model === undefined ? [] : [`model='${model}'`]),
  ];
  return new VirtError(
    'CONFIG_UNSUPPORTED',
    'QEMU',
    `cannot give domain '${def.name}' its <controller ${words.join(' ')}>: ${why}`,
    {hint: 'take it out of the definition, or choose another model'},
  );
}
