import {addressOfType} from '../../../model/devices/address.ts';
import type {ControllerType} from '../../../model/devices/controller.ts';
import {driveAddress} from '../../../model/devices/disk-target.ts';
import type {HubDef} from '../../../model/devices/hub.ts';
import {isUsbInput} from '../../../model/devices/input.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {machineFamily} from '../machine-family.ts';
import {deviceArg, type QemuArg} from '../qemu-arg.ts';
import {buildControllerDevice} from './controller.ts';
import {aliasOf, chooseDriver} from './device-context.ts';
import {controllerId, usbPlace} from './device-place.ts';
import {floppyBootArgs, floppyBootOptions} from './floppy-boot.ts';

type ControllerBus = 'scsi' | 'sata';

/** The device types of a controller, best first. `ahci` is an alias of `ich9-ahci` that `qom-list-types` does not know. */
const CONTROLLERS = {
  scsi: ['virtio-scsi-pci', 'lsi53c895a', 'virtio-scsi-ccw', 'virtio-scsi-device'],
  sata: ['ich9-ahci'],
} as const satisfies Record<ControllerBus, readonly string[]>;

const VIRTIO_SERIAL_CONTROLLERS = ['virtio-serial-pci', 'virtio-serial-ccw', 'virtio-serial-device'];
const USB_CONTROLLERS = ['qemu-xhci', 'nec-usb-xhci', 'piix3-usb-uhci', 'pci-ohci'];

/** The id of the controller of virtio consoles; its bus is `ID.0`. */
export const VIRTIO_SERIAL_ID = 'virtio-serial0';

/** QEMU's name of the bus of a controller, without the number of the bus on it. */
export function controllerBus(input: ArgvInput, bus: ControllerBus, controller: number): string {
  const onboard = controller === 0 ? onboardBus(input, bus) : undefined;
  return onboard ?? controllerId(input, bus, controller) ?? `${bus}${controller}`;
}

/** The name of the buses of the controller that is soldered on: AHCI on q35, the SCSI adapter of the sun4m boards. */
function onboardBus({def, caps}: ArgvInput, bus: ControllerBus): string | undefined {
  if (bus === 'sata') return machineFamily(def, caps) === 'q35' ? 'ide' : undefined;
  return def.os.arch === 'sparc' ? 'scsi' : undefined;
}

/**
 * The controllers of the definition, and those for buses in use that neither it nor the board has; with them what other
 * devices sit on: USB hubs, and the readers of smart cards, which may be on a hub.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED
 */
export function buildControllerArgs(input: ArgvInput): QemuArg[] {
  const own = devicesOf(input.def, 'controller').toSorted((a, b) => rank(a.type) - rank(b.type));
  const build = (isReader: boolean) =>
    own
      .filter(({type}) => (type === 'ccid') === isReader)
      .flatMap(controller => buildControllerDevice(controller, input));
  return [
    ...build(false),
    ...diskControllers(input, 'scsi'),
    ...diskControllers(input, 'sata'),
    ...serialController(input),
    ...usbController(input),
    ...floppyController(input),
    ...usbHubs(input),
    ...build(true),
  ];
}

/** What others sit on comes first. */
function rank(type: ControllerType): number {
  return type === 'pci' ? 0 : type === 'usb' ? 1 : 2;
}

/** A hub comes before one that is on it. */
function usbHubs(input: ArgvInput): QemuArg[] {
  const depth = (hub: HubDef) => addressOfType(hub, 'usb')?.port?.split('.').length ?? 1;
  const hubs = devicesOf(input.def, 'hub').toSorted((a, b) => depth(a) - depth(b));
  const driver = () => chooseDriver(['usb-hub'], 'USB hub', input);
  return hubs.map(hub => deviceArg(driver(), {id: aliasOf(hub), ...usbPlace(hub, input)}));
}

function serialController(input: ArgvInput): QemuArg[] {
  const ports = [
    ...devicesOf(input.def, 'console').filter(({targetType}) => targetType === 'virtio'),
    ...devicesOf(input.def, 'channel').filter(({target}) => target.type === 'virtio'),
  ];
  // A port that names no controller goes to any; the first is ours to add where the definition has none.
  const own = devicesOf(input.def, 'controller').some(({type}) => type === 'virtio-serial');
  const needed = ports.some(port => (addressOfType(port, 'virtio-serial')?.controller ?? (own ? 1 : 0)) === 0);
  if (!needed || controllerId(input, 'virtio-serial', 0) !== undefined) return [];
  return [
    deviceArg(chooseDriver(VIRTIO_SERIAL_CONTROLLERS, 'virtio console controller', input), {id: VIRTIO_SERIAL_ID}),
  ];
}

function usbController(input: ArgvInput): QemuArg[] {
  const {def} = input;
  const needed =
    devicesOf(def, 'input').some(isUsbInput) ||
    devicesOf(def, 'disk').some(disk => disk.target.bus === 'usb') ||
    devicesOf(def, 'redirdev').length + devicesOf(def, 'hub').length + devicesOf(def, 'smartcard').length > 0 ||
    devicesOf(def, 'hostdev').some(({host}) => host.type === 'usb') ||
    devicesOf(def, 'serial').some(({target}) => target?.type === 'usb-serial') ||
    devicesOf(def, 'sound').some(({model}) => model === 'usb');
  if (!needed || devicesOf(def, 'controller').some(({type}) => type === 'usb')) return [];
  return [deviceArg(chooseDriver(USB_CONTROLLERS, 'USB controller', input), {id: 'usb'})];
}

/** Other boards than q35 have a floppy controller, which is told the boot order. Source: QEMU 7.2, hw/i386/pc_q35.c. */
function floppyController(input: ArgvInput): QemuArg[] {
  const used = devicesOf(input.def, 'disk').some(disk => disk.target.bus === 'fdc');
  if (!used) return [];
  if (machineFamily(input.def, input.caps) !== 'q35') return [...floppyBootArgs(input)];
  const options = {id: controllerId(input, 'fdc', 0) ?? 'fdc0', ...floppyBootOptions(input)};
  return [deviceArg(chooseDriver(['isa-fdc'], 'floppy controller', input), options)];
}

function diskControllers(input: ArgvInput, bus: ControllerBus): QemuArg[] {
  const used = devicesOf(input.def, 'disk')
    .filter(disk => disk.target.bus === bus)
    .map(disk => driveAddress(bus, disk.target.dev)?.controller ?? 0);
  return [...new Set(used)]
    .toSorted((a, b) => a - b)
    .filter(controller => controller > 0 || onboardBus(input, bus) === undefined)
    .filter(controller => controllerId(input, bus, controller) === undefined)
    .map(controller => {
      const driver = chooseDriver(CONTROLLERS[bus], `${bus.toUpperCase()} controller`, input);
      return deviceArg(driver, {id: controllerBus(input, bus, controller)});
    });
}
