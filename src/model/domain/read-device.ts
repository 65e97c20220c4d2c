import type {DeviceDef} from '../devices/device-def.ts';
import type {ElementReader} from '../xml/element-reader.ts';

/** A device with the element that it was read from. */
export interface ReadDevice<Device extends DeviceDef = DeviceDef> {
  readonly device: Device;
  readonly reader: ElementReader;
}
