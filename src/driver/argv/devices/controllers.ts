import {driveAddress} from '../../../model/devices/disk-target.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {machineFamily} from '../machine-family.ts';
import {deviceArg, type QemuArg} from '../qemu-arg.ts';
import {chooseDriver} from './device-context.ts';

type ControllerBus = 'scsi' | 'sata';

/** The device types of a controller, best first. `ahci` is an alias of `ich9-ahci` that `qom-list-types` does not know. */
const CONTROLLERS = {
  scsi: ['virtio-scsi-pci', 'lsi53c895a', 'virtio-scsi-ccw', 'virtio-scsi-device'],
  sata: ['ich9-ahci'],
} as const satisfies Record<ControllerBus, readonly string[]>;

const VIRTIO_SERIAL_CONTROLLERS = ['virtio-serial-pci', 'virtio-serial-ccw', 'virtio-serial-device'];

/** The id of the controller of virtio consoles; its bus is `ID.0`. */
export const VIRTIO_SERIAL_ID = 'virtio-serial0';

/** QEMU's name of the bus of a controller, without the number of the bus on it. */
export function controllerBus(input: ArgvInput, bus: ControllerBus, controller: number): string {
  return (controller === 0 ? onboardBus(input, bus) : undefined) ?? `${bus}${controller}`;
}

/** The name of the buses of the controller that is soldered on: AHCI on q35, the SCSI adapter of the sun4m boards. */
function onboardBus({def, caps}: ArgvInput, bus: ControllerBus): string | undefined {
  if (bus === 'sata') return machineFamily(def, caps) === 'q35' ? 'ide' : undefined;
  return def.os.arch === 'sparc' ? 'scsi' : undefined;
}

/** Controllers for the buses in use that the board does not have. @throws {VirtError} CONFIG_UNSUPPORTED */
export function buildControllerArgs(input: ArgvInput): QemuArg[] {
  const serial = devicesOf(input.def, 'console').some(console => console.targetType === 'virtio')
    ? [deviceArg(chooseDriver(VIRTIO_SERIAL_CONTROLLERS, 'virtio console controller', input), {id: VIRTIO_SERIAL_ID})]
    : [];
  return [...diskControllers(input, 'scsi'), ...diskControllers(input, 'sata'), ...serial];
}

function diskControllers(input: ArgvInput, bus: ControllerBus): QemuArg[] {
  const used = devicesOf(input.def, 'disk')
    .filter(disk => disk.target.bus === bus)
    .map(disk => driveAddress(bus, disk.target.dev)?.controller ?? 0);
  return [...new Set(used)]
    .toSorted((a, b) => a - b)
    .filter(controller => controller > 0 || onboardBus(input, bus) === undefined)
    .map(controller => {
      const driver = chooseDriver(CONTROLLERS[bus], `${bus.toUpperCase()} controller`, input);
      return deviceArg(driver, {id: controllerBus(input, bus, controller)});
    });
}
