import type {DiskBus} from '../../../model/devices/disk.ts';
import {devicesOf} from '../../../model/domain-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import {machineFamily} from '../machine-family.ts';
import {deviceArg, type QemuArg} from '../qemu-arg.ts';
import {chooseDriver} from './device-context.ts';

const SCSI_CONTROLLERS = ['virtio-scsi-pci', 'lsi53c895a', 'virtio-scsi-ccw', 'virtio-scsi-device'];
/** `ahci` is an alias that `qom-list-types` does not know. */
const SATA_CONTROLLERS = ['ich9-ahci'];
const VIRTIO_SERIAL_CONTROLLERS = ['virtio-serial-pci', 'virtio-serial-ccw', 'virtio-serial-device'];

/** The id of a controller of ours; its buses are `ID.0`, `ID.1`, ... */
export const CONTROLLER_IDS = {scsi: 'scsi0', sata: 'sata0', virtioSerial: 'virtio-serial0'} as const;

/** Boards with a SCSI adapter soldered on, whose bus QEMU calls `scsi.0`: the sun4m family (esp). */
export function hasOnboardScsi({def}: ArgvInput): boolean {
  return def.os.arch === 'sparc';
}

/** Controllers for the buses in use that the board does not have. */
export function buildControllerArgs(input: ArgvInput): QemuArg[] {
  const controllers: QemuArg[] = [];
  if (usesBus(input, 'scsi') && !hasOnboardScsi(input)) {
    controllers.push(controller(SCSI_CONTROLLERS, 'SCSI controller', CONTROLLER_IDS.scsi, input));
  }
  if (usesBus(input, 'sata') && machineFamily(input.def, input.caps) !== 'q35') {
    controllers.push(controller(SATA_CONTROLLERS, 'SATA controller', CONTROLLER_IDS.sata, input));
  }
  if (devicesOf(input.def, 'console').some(console => console.targetType === 'virtio')) {
    controllers.push(
      controller(VIRTIO_SERIAL_CONTROLLERS, 'virtio console controller', CONTROLLER_IDS.virtioSerial, input),
    );
  }
  return controllers;
}

function usesBus({def}: ArgvInput, bus: DiskBus): boolean {
  return devicesOf(def, 'disk').some(disk => disk.target.bus === bus);
}

function controller(candidates: readonly string[], what: string, id: string, input: ArgvInput): QemuArg {
  return deviceArg(chooseDriver(candidates, what, input), {id});
}
