import type {DrivePlace} from '../../../model/devices/drive-place.ts';
import {isFlatScsi} from '../../../model/live-def.ts';
import type {ArgvInput} from '../argv-input.ts';
import type {OptionRecord} from '../qemu-arg.ts';
import {controllerBus} from './controllers.ts';

/** Where a device is on its SCSI bus: a parallel one numbers its devices; the others have channels, targets and units. */
export function scsiAddress({controller, bus, target, unit}: DrivePlace, input: ArgvInput): OptionRecord {
  const name = controllerBus(input, 'scsi', controller);
  if (isFlatScsi(controller, input.def)) return {bus: `${name}.${bus}`, 'scsi-id': unit};
  return {bus: `${name}.0`, channel: bus, 'scsi-id': target, lun: unit};
}
